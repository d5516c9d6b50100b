//! The site under attack as a process of its own, to be killed.

use std::process::ExitCode;

use nuages::prelude::SessionMiddleware;

fn main() -> ExitCode {
    nuages::management::run(|settings| {
        attacks::app(settings, SessionMiddleware::new(), attacks::Record::default())
    })
}
