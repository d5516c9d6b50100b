//! The board's `manage.py`: `cargo run -p notes` serves it.

use std::process::ExitCode;

fn main() -> ExitCode {
    nuages::management::run(notes::app)
}
