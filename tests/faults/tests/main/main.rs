//! The table of faults: every engine, every way in which its server can be away, every operation.
//!
//! Each cell is measured with a real server: the operation ends in time, with success or with an error of the right
//! kind; what was acknowledged is there afterwards; and the engine serves again as soon as the fault is over. The book
//! shows the table, and it must be what was measured here. `BLESS_TESTS=1` writes it.
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

use test_servers::{MariaDb, Postgres};

use crate::disk::{block_on, on_a_small_disk};
use crate::measure::measure;
use crate::page::compare;
use crate::stand::Stand;
use crate::stands::{
    Cache, CachedDb, DatabaseRemote, Db, Failing, File, MemcachedRemote, RedisRemote, Sqlite,
};

/// Measures an engine and compares its table with the page.
fn shown<S: Stand>(stand: impl AsyncFnOnce() -> S) {
    let table = block_on(async { measure(stand().await).await });
    compare(table.title(), &table.markdown());
}

#[test]
fn file() {
    on_a_small_disk("file", async |folder| measure(File::new(folder)).await);
}

#[test]
fn db_sqlite() {
    on_a_small_disk("db_sqlite", async |folder| measure(Sqlite::new(folder).await).await);
}

#[test]
fn db_postgresql() {
    shown(async || Db::new("db, PostgreSQL", DatabaseRemote::<Postgres>::new()).await);
}

#[test]
fn db_mariadb() {
    shown(async || Db::new("db, MariaDB", DatabaseRemote::<MariaDb>::new()).await);
}

#[test]
fn cache_redis() {
    shown(async || Cache::new("cache, Redis", RedisRemote::new(), false));
}

#[test]
fn cache_memcached() {
    shown(async || Cache::new("cache, memcached", MemcachedRemote::new(), true));
}

#[test]
fn cached_db_without_its_cache() {
    shown(async || CachedDb::new(Failing::Cache).await);
}

#[test]
fn cached_db_without_its_database() {
    shown(async || CachedDb::new(Failing::Database).await);
}
