//! The site's own `manage.py`: `cargo run -p tutorial` serves it, `cargo run -p tutorial -- --help` lists what else it can
//! do.

use std::process::ExitCode;

use nuages::prelude::*;

// ANCHOR: main
fn main() -> ExitCode {
    let sessions = match std::env::var_os("TUTORIAL_WITHOUT_SESSIONS") {
        None => Some(SessionMiddleware::new()),
        Some(_) => None,
    };
    nuages::management::run(|settings| tutorial::app(settings, sessions))
}
// ANCHOR_END: main
