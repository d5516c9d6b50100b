//! Where the commands speak. Colours reach terminals only, and none where NO_COLOR is set.

use std::fmt::Display;
use std::io::{ErrorKind, Write};

use crate::failure::Failure;

const GREEN: &str = "\u{1b}[32m";
const RED: &str = "\u{1b}[1;31m";
const BOLD: &str = "\u{1b}[1m";
const PLAIN: &str = "\u{1b}[0m";

/// A line of what was asked for. A reader that left (`| head`) is no error.
pub(crate) fn line(text: impl Display) {
    let _nobody_reads = writeln!(anstream::stdout(), "{text}");
}

/// What was asked for, as it is, and as the whole of the command: a file that it goes to must not be cut off in silence.
///
/// # Errors
/// It cannot be written, but for a reader that left.
pub(crate) fn text(text: impl Display) -> Result<(), Failure> {
    let mut out = anstream::stdout();
    match write!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::new(format_args!("standard output cannot be written: {error}; write it elsewhere")))
        }
        _ => Ok(()),
    }
}

/// A line of what goes wrong, or on.
pub(crate) fn error(text: impl Display) {
    let _nobody_reads = writeln!(anstream::stderr(), "{text}");
}

pub(crate) fn good(text: impl Display) -> String {
    format!("{GREEN}{text}{PLAIN}")
}

pub(crate) fn bad(text: impl Display) -> String {
    format!("{RED}{text}{PLAIN}")
}

pub(crate) fn bold(text: impl Display) -> String {
    format!("{BOLD}{text}{PLAIN}")
}

/// Whether programs whose standard error is read by this one should colour it.
pub(crate) fn error_has_colours() -> bool {
    anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never
}
