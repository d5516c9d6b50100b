//! `cache_page`: a view's page, kept and given to the next visitor.

mod decorator;
mod key;
mod stored;

pub use decorator::{CachePage, cache_page};
