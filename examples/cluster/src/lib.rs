//! One site on several machines: the tutorial, and pages for members, whose sessions every process shares.

mod app;
mod members;

pub use app::app;
