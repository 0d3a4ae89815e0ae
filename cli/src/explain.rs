//! `dyntastic explain`.

use super::{Stop, print};
use clap::Args;
use dyntastic_codegen::Code;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The code of a mistake, such as D0101; without one, all codes are listed.
    code: Option<String>,
}

impl Explain {
    pub(super) fn run(&self) -> Result<ExitCode, Stop> {
        let Some(text) = &self.code else {
            for code in Code::ALL {
                print(format_args!("{code}  {}", code.title()))?;
            }
            return Ok(ExitCode::SUCCESS);
        };
        let code = Code::find(text).ok_or_else(|| {
            let text: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
            format!("there is no code `{text}`; `dyntastic explain` lists all")
        })?;
        print(code.explanation())?;
        Ok(ExitCode::SUCCESS)
    }
}
