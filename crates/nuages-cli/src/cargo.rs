//! Cargo, as a program.

use std::io::ErrorKind;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::failure::Failure;

/// The program: the one that runs us, or the one on the path.
pub(crate) fn program() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Why cargo did not start.
pub(crate) fn refusal(error: &std::io::Error) -> Failure {
    match error.kind() {
        ErrorKind::NotFound => {
            Failure::new("there is no `cargo` on the path; install Rust from https://rustup.rs")
        }
        _ => Failure::new(format_args!("cannot run cargo: {error}")),
    }
}

/// What cargo says on its standard output.
///
/// # Errors
/// It does not start, or it fails; the message is its own.
pub(crate) fn output(folder: &Path, arguments: &[&str]) -> Result<String, Failure> {
    let run = Command::new(program()).args(arguments).current_dir(folder).stdin(Stdio::null()).output();
    let output = run.map_err(|error| refusal(&error))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Failure::new(said.trim().strip_prefix("error: ").unwrap_or(said.trim())))
}

/// Becomes cargo, or what cargo runs: signals, status and terminal are its own from here on.
///
/// # Errors
/// It does not start.
pub(crate) fn become_it(mut command: Command) -> Failure {
    refusal(&command.exec())
}
