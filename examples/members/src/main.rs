//! Serves the site, or does what the command line says.

use std::process::ExitCode;

fn main() -> ExitCode {
    nuages::management::run(members::app)
}
