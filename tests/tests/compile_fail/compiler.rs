//! Runs rustc with the libraries that `cargo test --workspace` has already compiled.

use dyntastic::serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The libraries that a program may use.
const LIBRARIES: [&str; 3] = ["dyntastic", "dyntastic_tests", "example_models"];

/// The folder for this test's own files. Its parent is Cargo's target folder.
const SCRATCH: &str = env!("CARGO_TARGET_TMPDIR");

pub struct Compiler {
    root: PathBuf,
    arguments: Vec<String>,
}

impl Compiler {
    /// Asks Cargo for the libraries. The command names the whole workspace. So the libraries have the same features,
    /// and the errors the same text, however this test is run, and `cargo test --workspace` has compiled them already.
    pub fn of_this_workspace(root: &Path) -> Self {
        let target = Path::new(SCRATCH).parent().unwrap();
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["test", "--workspace", "--test", "compile_fail", "--no-run", "--message-format=json"]);
        let compiled = cargo.arg("--target-dir").arg(target).current_dir(root).output().unwrap();
        let errors = String::from_utf8_lossy(&compiled.stderr);
        assert!(compiled.status.success(), "the libraries of the programs do not compile:\n{errors}");
        let artifacts = lines_of_json(&compiled.stdout);
        let mut arguments = Vec::new();
        for library in LIBRARIES {
            let file = library_file(&artifacts, library).unwrap_or_else(|| panic!("Cargo has not compiled {library}"));
            arguments.push(format!("-Ldependency={}", file.parent().unwrap().display()));
            arguments.push(format!("--extern={library}={}", file.display()));
        }
        Self { root: root.to_owned(), arguments }
    }

    /// The compiler's diagnostics of a program, as the compiler shows them; `None` if the program compiles.
    pub fn errors_of(&self, program: &Path) -> Option<Vec<String>> {
        let mut rustc = Command::new("rustc");
        rustc.args(["--edition=2024", "--crate-type=bin", "--emit=metadata", "--error-format=json"]);
        // Type names are shown in full. Dead code is allowed, because no program runs.
        rustc.args(["--verbose", "-Adead_code"]);
        // The compiler runs in the root of the workspace, so that it shows paths from there.
        rustc.args(["--diagnostic-width=140", "--out-dir", SCRATCH]).args(&self.arguments).current_dir(&self.root);
        let compiled = rustc.arg(program).output().unwrap();
        if compiled.status.success() {
            return None;
        }
        let mut diagnostics = lines_of_json(&compiled.stderr);
        // The number of errors, and the place of their explanations.
        diagnostics.retain(|diagnostic| {
            diagnostic["level"] != "failure-note"
                && !diagnostic["message"].as_str().unwrap().starts_with("aborting due to")
        });
        assert!(!diagnostics.is_empty(), "{}: {}", program.display(), String::from_utf8_lossy(&compiled.stderr));
        Some(diagnostics.iter().map(|diagnostic| diagnostic["rendered"].as_str().unwrap().to_owned()).collect())
    }
}

/// The metadata file of a library. The compiler needs no more of it.
fn library_file(artifacts: &[Value], library: &str) -> Option<PathBuf> {
    let of_library = |artifact: &&Value| {
        artifact["target"]["name"] == library
            && artifact["target"]["kind"][0] == "lib"
            && artifact["profile"]["test"] == false
    };
    let files = artifacts.iter().find(of_library)?["filenames"].as_array()?;
    let mut files = files.iter().filter_map(|file| file.as_str());
    files.find(|file| file.ends_with(".rmeta")).map(PathBuf::from)
}

fn lines_of_json(output: &[u8]) -> Vec<Value> {
    let text = str::from_utf8(output).unwrap();
    let lines = text.lines().filter(|line| line.starts_with('{'));
    lines.map(|line| dyntastic::serde_json::from_str(line).unwrap()).collect()
}
