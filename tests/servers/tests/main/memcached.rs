//! memcached.

use test_servers::Memcached;

use crate::{listens, processes_of};

#[test]
fn it_answers_and_a_restart_empties_it() {
    let memcached = Memcached::with_options(&["-M"]);
    assert_eq!(memcached.url(), format!("memcached://127.0.0.1:{}", memcached.port()));
    assert_eq!(memcached.command("set a 0 0 1\r\n1"), "STORED\n");
    assert_eq!(memcached.command("get a"), "VALUE a 0 1\n1\nEND\n");
    memcached.restart();
    assert_eq!(memcached.command("get a"), "END\n");
    memcached.kill();
    assert!(!listens(memcached.address()));
    memcached.restart();
    let (address, folder) = (memcached.address(), memcached.folder().to_owned());
    drop(memcached);
    assert!(!listens(address) && !folder.exists());
    assert_eq!(processes_of(&folder), 0);
}
