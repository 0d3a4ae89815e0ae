//! `dyntastic explain`.

use super::{Stop, print};
use clap::Args;
use dyntastic_codegen::{ChangeCode, Code};
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The code of a mistake, a lint or a change, such as D0101, L0101 or C0401; without one, all codes are listed.
    code: Option<String>,
}

impl Explain {
    pub(super) fn run(&self) -> Result<ExitCode, Stop> {
        let Some(text) = &self.code else {
            for code in Code::ALL {
                print(format_args!("{code}  {}", code.title()))?;
            }
            for code in ChangeCode::ALL {
                print(format_args!("{code}  {}", code.title()))?;
            }
            return Ok(ExitCode::SUCCESS);
        };
        let explanation = Code::find(text).map(Code::explanation);
        let explanation =
            explanation.or_else(|| ChangeCode::find(text).map(ChangeCode::explanation)).ok_or_else(|| {
                let text: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
                format!("there is no code `{text}`; `dyntastic explain` lists all")
            })?;
        print(explanation)?;
        Ok(ExitCode::SUCCESS)
    }
}
