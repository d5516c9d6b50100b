//! A site to be attacked, and nothing else: the tests in `tests/main` do so over sockets, and by killing its process.
//!
//! `README.md` tells for each case of the attack list which test has it.

mod bomb;
mod echoes;
mod files;
mod protected;
mod record;
mod sessions;
mod site;
mod uploads;

pub use files::files_app;
pub use protected::protected_app;
pub use record::Record;
pub use site::app;
