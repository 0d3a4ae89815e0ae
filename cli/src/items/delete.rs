//! `dyntastic delete`.

use super::super::{Stop, print_error};
use super::delete_where::Many;
use super::output::{ItemFormat, text};
use super::{ItemsArgs, assignment, service_error};
use clap::Args;
use dyntastic::dynamic::{DynamicItem, attributes_to_json};
use dyntastic::{Error, Model};
use std::io::Write;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(crate) struct Delete {
    /// A model of the schema.
    model: String,
    /// The fields of the key with their values: user_id=user123.
    #[arg(required_unless_present = "conditions", value_name = "FIELD=VALUE", value_parser = assignment)]
    key: Vec<(String, String)>,
    #[command(flatten)]
    many: Many,
    #[command(flatten)]
    items: ItemsArgs,
    /// The format of an item that is deleted by its key.
    #[arg(long, value_enum, default_value_t = ItemFormat::Json, conflicts_with = "conditions")]
    format: ItemFormat,
}

impl Delete {
    pub(crate) fn run(&self) -> Result<ExitCode, Stop> {
        let model = self.items.model(&self.model)?;
        if !self.many.conditions.is_empty() {
            return self.many.run(model, &self.items);
        }
        let key = model.key(&self.key)?;
        self.items.run(async {
            let client = self.items.client().await?;
            // What the model cannot read is not in the answer to the deletion.
            let get =
                model.run(async { DynamicItem::get(&client, key.clone()).consistent_read().into_inner() }).await?;
            let table = get.get_table_name().clone().unwrap_or_default();
            let stored = get.send().await.map_err(|error| service_error("GetItem", model, &table, &error))?.item;
            let deleted = model.run(async { DynamicItem::delete_by_key(&client, key).return_old().await }).await;
            let deleted = match (deleted, stored) {
                (Ok(Some(deleted)), _) => deleted,
                (Ok(None), _) => return Err(Stop::Other(format!("{}: no item has this key", model.name()))),
                (Err(Error::Unread(error)), Some(stored)) => {
                    let done = format!("{error}: the item is deleted");
                    show(&attributes_to_json(&stored), &done)?;
                    print_error(format_args!("error: {done}, and printed as it was stored"))?;
                    return Ok(ExitCode::FAILURE);
                }
                (Err(error), _) => return Err(error.into()),
            };
            show(&text(model, self.format, &deleted)?, "the item is deleted")?;
            Ok(ExitCode::SUCCESS)
        })
    }
}

/// Prints what is stored no more: on standard error if standard output takes nothing, so that it is not lost.
fn show(text: &str, done: &str) -> Result<(), Stop> {
    let mut output = std::io::stdout().lock();
    let Err(error) = writeln!(output, "{text}").and_then(|()| output.flush()) else { return Ok(()) };
    Err(Stop::Other(format!("{done}, and standard output cannot be written ({error}), so here it is:\n{text}")))
}

#[cfg(test)]
mod tests {
    use super::super::delete_where::Many;
    use super::Delete;
    use clap::error::ErrorKind;
    use clap::{Args, Command};

    fn refusal(arguments: &[&str]) -> Option<ErrorKind> {
        let command = Delete::augment_args(Command::new("delete"));
        command.try_get_matches_from(["delete", "User"].iter().chain(arguments)).err().map(|error| error.kind())
    }

    #[test]
    fn each_option_for_many_items_excludes_a_key_and_needs_a_condition() {
        assert_eq!(refusal(&["id=1"]), None);
        for option in Many::augment_args(Command::new("many")).get_arguments() {
            let name = format!("--{}", option.get_long().unwrap());
            let given: Vec<&str> = match option.get_action().takes_values() {
                true => vec![&name, "x=1"],
                false => vec![&name],
            };
            let with = |more: &[&'static str]| refusal(&[more, &given].concat());
            assert_eq!(with(&["id=1"]), Some(ErrorKind::ArgumentConflict), "{name}");
            assert_eq!(with(&["--where", "x=2"]), None, "{name}");
            let is_condition = option.get_id() == "conditions";
            assert_eq!(with(&[]), (!is_condition).then_some(ErrorKind::MissingRequiredArgument), "{name}");
        }
        assert_eq!(refusal(&["--where", "x=1", "--format", "json"]), Some(ErrorKind::ArgumentConflict));
    }
}
