//! A real browser, driven as a person would: Chromium without a screen, by way of its WebDriver.
//!
//! `cargo xtask setup` installs Chromium and its driver. Screenshots go to `target/screenshots`.

mod browser;
mod wire;

pub use browser::{Browser, Element};
