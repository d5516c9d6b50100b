//! A site with members: passwords, static files, pages for errors.

mod app;
mod errors;
mod members;
mod page;
mod views;

pub use app::app;
