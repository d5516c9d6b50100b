//! The async runtime that a command runs on.

use std::io;

use tokio::runtime::{Builder, Handle, Runtime};

/// Threads for all cores: the server's.
pub(super) fn of_many_threads() -> io::Result<Runtime> {
    refuse_inside()?;
    Builder::new_multi_thread().enable_all().build()
}

/// This thread alone: for commands that do one thing after another.
pub(super) fn of_one_thread() -> io::Result<Runtime> {
    refuse_inside()?;
    Builder::new_current_thread().enable_all().build()
}

fn refuse_inside() -> io::Result<()> {
    match Handle::try_current() {
        Ok(_) => Err(io::Error::other(
            "management::run starts a runtime of its own; write `fn main() -> ExitCode` without #[tokio::main]",
        )),
        Err(_) => Ok(()),
    }
}
