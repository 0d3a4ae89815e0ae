//! The files of earlier runs in a folder, and their owners.

use super::FileSet;
use super::place::{is_blank, link_on_the_way, read};
use crate::header::{form_of, is_generated, name_of, sources_of};
use crate::options::Form;
use std::collections::BTreeSet;
use std::path::Path;

/// The root of an earlier output, and the modules that it declares, by the paths of their files.
pub(super) struct EarlierRoot {
    pub(super) path: &'static str,
    pub(super) modules: Vec<String>,
    owner: Owner,
}

/// The owner of a file, by its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Owner {
    /// This schema.
    Ours,
    /// Nobody: the file is empty. A crash may have left it in the place of a file of the output.
    Nobody,
    /// Another schema, with the names of its files.
    OtherSchema(String),
    /// The user.
    User,
}

impl FileSet {
    /// The files of an earlier output of this schema that are not part of this one. With `replace`, the files of
    /// another schema's output too. The root of an output declares its files.
    pub(super) fn orphans(&self, folder: &Path, replace: bool) -> BTreeSet<String> {
        let mut orphans = BTreeSet::new();
        if self.is_page {
            return orphans;
        }
        for root in self.earlier_roots(folder, replace) {
            for path in [root.path.to_owned()].into_iter().chain(root.modules) {
                if self.files.contains_key(&path) || link_on_the_way(folder, &path).is_some() {
                    continue;
                }
                // A file that cannot be read was not generated.
                let Ok(Some(found)) = read(&folder.join(&path)) else { continue };
                let found = String::from_utf8_lossy(&found);
                let owner = self.owner(&found);
                // The root may declare a copy, whose header has another name.
                let is_copy = name_of(&found).is_some_and(|name| path.rsplit('/').next() != Some(name));
                if !is_copy && (matches!(owner, Owner::Ours | Owner::Nobody) || owner == root.owner) {
                    orphans.insert(path);
                }
            }
        }
        orphans
    }

    /// The roots of earlier outputs of this schema, in any form. With `replace`, those of other schemas too.
    pub(super) fn earlier_roots(&self, folder: &Path, replace: bool) -> Vec<EarlierRoot> {
        let mut roots = Vec::new();
        for (path, prefix) in [("Cargo.toml", ""), ("mod.rs", ""), ("models.rs", ""), ("src/lib.rs", "src/")] {
            let Ok(Some(found)) = read(&folder.join(path)) else {
                continue;
            };
            let text = String::from_utf8_lossy(&found);
            let fits = match form_of(&text) {
                Some(Form::File) => path == "models.rs",
                Some(Form::Module) => path == "mod.rs",
                Some(Form::Crate(_)) => path == "Cargo.toml" || path == "src/lib.rs",
                None => false,
            };
            let owner = self.owner(&text);
            let replaced = replace && self.files.contains_key(path) && matches!(owner, Owner::OtherSchema(_));
            if fits && (owner == Owner::Ours || replaced) {
                let modules = declared_modules(&text).map(|module| format!("{prefix}{module}.rs")).collect();
                roots.push(EarlierRoot { path, modules, owner });
            }
        }
        roots
    }

    /// Whether the folder has this schema's output, that is, one of its files.
    pub(super) fn has_output_in(&self, folder: &Path) -> bool {
        self.files.keys().any(|path| {
            let found = read(&folder.join(path)).ok().flatten();
            found.is_some_and(|found| self.owner(&String::from_utf8_lossy(&found)) == Owner::Ours)
        })
    }

    /// The owner of a file with this text. The names of a schema's files identify the schema.
    pub(super) fn owner(&self, text: &str) -> Owner {
        if is_blank(text) {
            return Owner::Nobody;
        }
        if !is_generated(text) {
            return Owner::User;
        }
        let theirs = sources_of(text);
        let ours = self.files.values().next().map(|text| sources_of(text)).unwrap_or_default();
        let is_ours = |source: &&str| ours.contains(source) || self.is_page && is_name_of(source, &ours);
        if theirs.is_empty() || theirs.iter().any(is_ours) {
            return Owner::Ours;
        }
        Owner::OtherSchema(theirs.into_iter().map(|source| format!("`{source}`")).collect::<Vec<_>>().join(", "))
    }
}

/// Whether a page of an earlier release, which has only the names of files, is of one of these.
fn is_name_of(source: &str, places: &[&str]) -> bool {
    !source.contains('/') && places.iter().any(|place| place.rsplit('/').next() == Some(source))
}

/// The modules that a root declares. Reading lines is enough, since roots are generated; it also works for a root with
/// merge conflicts.
fn declared_modules(root: &str) -> impl Iterator<Item = &str> {
    root.lines().filter_map(|line| {
        let line = line.trim();
        let module = line.strip_prefix("pub ").unwrap_or(line).strip_prefix("mod ")?.strip_suffix(';')?;
        let module = module.strip_prefix("r#").unwrap_or(module);
        module.chars().all(|c| c.is_alphanumeric() || c == '_').then_some(module)
    })
}
