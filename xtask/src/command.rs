//! Running other programs: what is run is printed, and a failure says what failed.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

/// A program to run in the root of the workspace, without a standard input.
pub(crate) struct Run {
    command: Command,
    line: String,
}

impl Run {
    pub(crate) fn new(program: impl AsRef<OsStr>, root: &Path) -> Self {
        let line = program.as_ref().to_string_lossy().into_owned();
        let mut command = Command::new(program);
        command.current_dir(root).stdin(Stdio::null());
        Self { command, line }
    }

    /// `cargo` of the toolchain that runs us.
    pub(crate) fn cargo(root: &Path) -> Self {
        let mut run = Self::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), root);
        run.line = "cargo".to_owned();
        run
    }

    pub(crate) fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        for argument in arguments {
            self.line.push(' ');
            self.line.push_str(&argument.as_ref().to_string_lossy());
            self.command.arg(argument);
        }
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.line = format!("{name}={:?} {}", value.as_ref().to_string_lossy(), self.line);
        self.command.env(name, value);
        self
    }

    /// Runs it with our output; a status other than success is an error that names the command.
    pub(crate) fn check(mut self) -> Result<(), String> {
        println!("$ {}", self.line);
        let status = self.command.status().map_err(|e| format!("cannot run `{}`: {e}", self.line))?;
        if status.success() { Ok(()) } else { Err(format!("`{}` ended with {status}", self.line)) }
    }

    /// Whether it can be run and succeeds; nothing is printed.
    pub(crate) fn succeeds(mut self) -> bool {
        self.command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    }

    /// What it says, on standard output and then on standard error; printed once it has ended.
    pub(crate) fn said(mut self) -> Result<String, String> {
        println!("$ {}", self.line);
        let output = self.command.output().map_err(|e| format!("cannot run `{}`: {e}", self.line))?;
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        print!("{said}");
        if output.status.success() {
            Ok(said)
        } else {
            Err(format!("`{}` ended with {}", self.line, output.status))
        }
    }

    /// Its standard output; nothing is printed unless it fails.
    pub(crate) fn output(mut self) -> Result<String, String> {
        let output = self.command.output().map_err(|e| format!("cannot run `{}`: {e}", self.line))?;
        if output.status.success() {
            String::from_utf8(output.stdout).map_err(|e| format!("`{}` wrote no UTF-8: {e}", self.line))
        } else {
            let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            Err(format!("`{}` ended with {}: {said}", self.line, output.status))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Run {
        Run::new("sh", Path::new("/")).args(["-c", script])
    }

    #[test]
    fn a_failure_names_the_command() {
        assert_eq!(shell("exit 3").check(), Err("`sh -c exit 3` ended with exit status: 3".to_owned()));
        assert!(shell("echo broken >&2; exit 1").output().is_err_and(|e| e.ends_with(": broken")));
        assert!(
            Run::new("no-such-program", Path::new("/")).check().is_err_and(|e| e.starts_with("cannot run"))
        );
    }

    #[test]
    fn a_success_gives_its_output() {
        assert_eq!(shell("printf hello").output(), Ok("hello".to_owned()));
        assert_eq!(shell("printf hello; printf ', again' >&2").said(), Ok("hello, again".to_owned()));
        assert!(shell("exit 1").said().is_err());
        assert!(shell("true").succeeds());
        assert!(!shell("false").succeeds());
    }
}
