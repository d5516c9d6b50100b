//! The views, one file for each group.

pub(crate) mod cookies;
pub(crate) mod expiring;
pub(crate) mod files;
pub(crate) mod index;
pub(crate) mod login;
pub(crate) mod messages;
pub(crate) mod sessions;
pub(crate) mod signed;
