//! Settings, commands and checks, run in process on small projects.
#![expect(clippy::unwrap_used, reason = "what fails in a function beside a test fails the test")]

mod broken;
mod checks;
mod commands;
mod configuration;
mod project;
mod secret_key_file;
