//! `completions`.

use std::process::ExitCode;

use clap_complete::Shell;

use crate::failure::Failure;
use crate::{arguments, terminal};

/// Writes the script.
pub(crate) fn run(shell: Shell) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut arguments::definition(), "nuages", &mut script);
    terminal::text(String::from_utf8_lossy(&script))?;
    Ok(ExitCode::SUCCESS)
}
