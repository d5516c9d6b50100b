//! Where commands write: all output for people goes through here.

use std::fmt::Display;
use std::io::{Write, stderr, stdout};

/// What was asked for goes to one writer, mistakes and notes to another. A writer that fails (`| head`) is not an error.
pub(super) struct Output {
    out: Box<dyn Write>,
    err: Box<dyn Write>,
}

impl Output {
    pub(super) fn new(out: impl Write + 'static, err: impl Write + 'static) -> Self {
        Self { out: Box::new(out), err: Box::new(err) }
    }

    pub(super) fn of_process() -> Self {
        Self::new(stdout(), stderr())
    }

    pub(super) fn line(&mut self, line: impl Display) {
        write(&mut *self.out, format_args!("{line}\n"));
    }

    pub(super) fn text(&mut self, text: impl Display) {
        write(&mut *self.out, text);
    }

    pub(super) fn error_line(&mut self, line: impl Display) {
        write(&mut *self.err, format_args!("{line}\n"));
    }

    pub(super) fn error_text(&mut self, text: impl Display) {
        write(&mut *self.err, text);
    }
}

fn write(writer: &mut dyn Write, text: impl Display) {
    // In one piece, so that lines of the log do not come in between.
    let _nobody_reads = writer.write_all(text.to_string().as_bytes()).and_then(|()| writer.flush());
}
