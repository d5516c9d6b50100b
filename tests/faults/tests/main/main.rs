//! The table of faults: every engine, every way in which its server can be away, every operation.
//!
//! Each cell is measured with a real server: the operation ends in time, with success or with an error of the right
//! kind; what was acknowledged is there afterwards; and the engine serves again as soon as the fault is over. The book
//! shows the table, and it must be what was measured here. `NUAGES_BLESS=1` writes it.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of tests stand outside of test functions"
)]

mod case;
mod disk;
mod fault;
mod long;
mod measure;
mod operation;
mod page;
mod stand;
mod stands;
mod word;

use crate::disk::on_a_small_disk;
use crate::measure::measure;
use crate::stands::{File, Sqlite};

#[test]
fn file() {
    on_a_small_disk("file", async |folder| measure(File::new(folder)).await);
}

#[test]
fn db_sqlite() {
    on_a_small_disk("db_sqlite", async |folder| measure(Sqlite::new(folder).await).await);
}
