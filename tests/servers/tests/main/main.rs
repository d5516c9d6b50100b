//! The servers start, end, freeze and come back.

#![expect(clippy::unwrap_used, reason = "the helpers of tests stand outside of test functions")]

mod databases;
mod leftovers;
mod memcached;
mod proxy;
mod redis;

use std::net::{SocketAddr, TcpStream};
use std::path::Path;

/// Whether anybody listens.
fn listens(address: SocketAddr) -> bool {
    TcpStream::connect(address).is_ok()
}

/// The processes that name this folder on their command line.
fn processes_of(folder: &Path) -> usize {
    let folder = folder.display().to_string();
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let names = |line: Vec<u8>| String::from_utf8_lossy(&line).contains(&folder);
    entries.filter(|entry| std::fs::read(entry.path().join("cmdline")).is_ok_and(names)).count()
}
