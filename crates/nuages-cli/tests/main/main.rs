//! The program `nuages` as people run it: in a folder, on a real project.

#![expect(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "the times that a build takes are told")]

mod browser;
mod folder;
mod from_django;
mod help;
mod mistakes;
mod new_project;
mod parts;
mod reloading;
mod secrets;
mod server;
mod surviving;
