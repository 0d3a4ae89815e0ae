//! The built command in a folder of its own.

#![allow(dead_code, missing_docs, unreachable_pub, reason = "each test takes what it needs")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

pub const SCHEMA: &str = "dyntastic: 1\nmodels:\n  User: { table: users, hash_key: id, fields: { id: string } }\n  Event: { table: events, hash_key: id, fields: { id: uuid } }\n";

/// A folder in which the command runs, with a schema in it.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn with_schema(schema: &str) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write("models.yaml", schema);
        folder
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, file: &str, text: &str) {
        let file = self.path().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path().join(file)).unwrap()
    }

    pub fn run(&self, arguments: &str) -> Output {
        self.run_with(arguments, &[])
    }

    /// Runs a command with environment variables.
    pub fn run_with(&self, arguments: &str, variables: &[(&str, &str)]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_dyntastic"))
            .args(arguments.split_whitespace())
            .envs(variables.iter().copied())
            .current_dir(self.path())
            .output()
            .unwrap()
    }

    pub fn ok(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The standard output and the standard error of a command that fails.
    pub fn fails(&self, arguments: &str) -> (String, String) {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments}: {output:?}");
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    }
}
