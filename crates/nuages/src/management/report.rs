//! Failures, as people read them.

use std::error::Error;

use super::Outcome;
use super::output::Output;
use crate::app::StartupErrors;
use crate::configuration::ConfigurationError;
use crate::error_chain::chain;

/// An error with what caused it.
pub(super) fn error(error: &dyn Error, output: &mut Output) -> Outcome {
    output.error_line(format_args!("error: {}", chain(error)));
    Outcome::Failure
}

pub(super) fn configuration(errors: &[ConfigurationError], output: &mut Output) -> Outcome {
    output.error_line("error: the settings cannot be loaded:");
    for error in errors {
        output.error_line(format_args!("- {error}"));
    }
    Outcome::Failure
}

pub(super) fn startup(errors: &StartupErrors, output: &mut Output) -> Outcome {
    output.error_line(format_args!("error: {errors}"));
    Outcome::Failure
}
