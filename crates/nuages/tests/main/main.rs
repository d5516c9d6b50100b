//! The facade from outside: settings, commands and checks on small projects; a store that is away.
#![expect(clippy::unwrap_used, reason = "what fails in a function beside a test fails the test")]

mod answers;
mod broken;
mod cache_views;
mod caches;
mod checks;
mod commands;
mod configuration;
mod debug_page;
#[cfg(feature = "test")]
mod devices;
mod fragments;
mod late_store;
mod outage;
mod project;
mod secret_key_file;
mod sessions_book;
mod templates;
