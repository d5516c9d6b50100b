//! The framework's own tables: pools by URL, migrations, sessions and the database cache.
//!
//! [`Database::connect`] opens a pool by its URL, [`Database::migrate`] makes the tables (or adopts those that
//! Django made), and [`Database::sessions`] is the table `django_session` behind the session engine `db`:
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! use chrono::{TimeDelta, Utc};
//! use nuages_db::{Cas, Database};
//!
//! let db = Database::connect("sqlite:///:memory:")?;
//! db.migrate().await?;
//!
//! let sessions = db.sessions();
//! let expires = Utc::now() + TimeDelta::weeks(2);
//! assert!(sessions.insert("abcdefghij", "eyJhIjoxfQ", expires).await?);
//! let row = sessions.load("abcdefghij", Utc::now()).await?.expect("just inserted");
//! assert_eq!(row.session_data, "eyJhIjoxfQ");
//!
//! // A save names the text that it was made from: nobody's write is lost, and what is gone stays gone.
//! let saved = sessions.compare_and_set("abcdefghij", &row.session_data, "eyJhIjoyfQ", expires).await?;
//! assert_eq!(saved, Cas::Saved);
//! sessions.delete("abcdefghij").await?;
//! let late = sessions.compare_and_set("abcdefghij", "eyJhIjoyfQ", "eyJhIjozfQ", expires).await?;
//! assert_eq!(late, Cas::Gone);
//! # Ok::<_, nuages_db::DbError>(()) }).unwrap();
//! ```
//!
//! # What holds on every database
//!
//! - Every operation has a deadline ([`DEFAULT_DEADLINE`], 2 s) and then fails with [`DbErrorKind::TimedOut`].
//! - Once started, an operation runs to its end, whether or not somebody still waits for its answer.
//! - An answer is given after the commit, never before.
//! - The tables are Django's own, so that a Django site can share them.

#![cfg_attr(
    not(any(feature = "sqlite", feature = "postgres", feature = "mysql")),
    expect(unused, unreachable_code, reason = "a build without any kind of database can only say so")
)]

mod cache_row;
mod cache_table;
mod database;
mod error;
mod migration;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod server;
mod session_index;
mod session_table;
mod sql;
#[cfg(feature = "sqlite")]
mod sqlite;
mod url;

pub use cache_row::{CacheCas, CacheRow, Increment, Modified};
pub use cache_table::CacheTable;
pub use database::{DEFAULT_DEADLINE, Database};
pub use error::{DbError, DbErrorKind};
pub use migration::{Applied, How};
pub use session_index::{IndexEntry, SessionIndex};
pub use session_table::{Cas, Merged, SessionRow, SessionTable};
