//! A board of notes.

mod app;
mod board;
mod maintenance;
mod views;

pub use app::app;
pub use board::Board;
pub use maintenance::Maintenance;
