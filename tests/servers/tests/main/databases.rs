//! PostgreSQL and MariaDB.

use test_servers::{MariaDb, Postgres, Server};

use crate::{listens, processes_of};

/// What both can do, with their SQL.
fn comes_back(server: &Server, sql: &dyn Fn(&str) -> String) {
    sql("CREATE TABLE a (n INT)");
    sql("INSERT INTO a VALUES (1)");
    server.stop();
    assert!(!server.is_running() && !listens(server.address()));
    server.restart();
    sql("INSERT INTO a VALUES (2)");
    server.kill();
    assert!(!listens(server.address()));
    assert_eq!(processes_of(&server.folder().join("data")), 0);
    server.restart();
    assert_eq!(sql("SELECT n FROM a ORDER BY n"), "1\n2\n");
    server.freeze();
    assert!(listens(server.address()));
    server.thaw();
    assert_eq!(sql("SELECT COUNT(*) FROM a"), "2\n");
}

#[test]
fn postgres_comes_back_with_what_it_held() {
    let postgres = Postgres::start();
    assert_eq!(postgres.url(), format!("postgres://nuages@127.0.0.1:{}/nuages", postgres.port()));
    comes_back(&postgres, &|sql| postgres.sql(sql));
    let folder = postgres.folder().to_owned();
    drop(postgres);
    assert!(!folder.exists());
    assert_eq!(processes_of(&folder), 0);
}

#[test]
fn mariadb_comes_back_with_what_it_held() {
    let mariadb = MariaDb::start();
    assert_eq!(mariadb.url(), format!("mysql://nuages:secret@127.0.0.1:{}/nuages", mariadb.port()));
    comes_back(&mariadb, &|sql| mariadb.sql_in(&mariadb.url(), sql));
    let folder = mariadb.folder().to_owned();
    drop(mariadb);
    assert!(!folder.exists());
    assert_eq!(processes_of(&folder), 0);
}

#[test]
fn databases_and_servers_know_nothing_of_each_other() {
    let (first, second) = (Postgres::start(), Postgres::start());
    let urls = [first.database(), first.database(), second.database()];
    for url in &urls {
        let server = if url.contains(&first.address().to_string()) { &first } else { &second };
        server.sql_in(url, "CREATE TABLE only_here (n INT)");
    }
    let (first, second) = (MariaDb::start(), MariaDb::start());
    let urls = [first.database(), first.database(), second.database()];
    for url in &urls {
        let server = if url.contains(&first.address().to_string()) { &first } else { &second };
        server.sql_in(url, "CREATE TABLE only_here (n INT)");
    }
}

/// A thousand rows do not fit on a full disk, and then they do.
fn fills_up(insert: &dyn Fn() -> String, fill: &dyn Fn(), empty: &dyn Fn(), message: &str) {
    insert();
    fill();
    let failed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(insert)).unwrap_err();
    let said = failed.downcast_ref::<String>().unwrap();
    assert!(said.contains(message), "{said}");
    empty();
    insert();
}

#[test]
fn postgres_has_a_small_disk() {
    let postgres = Postgres::with_small_disk("32m");
    postgres.sql("CREATE TABLE a (n TEXT)");
    let insert = "INSERT INTO a SELECT repeat(md5(random()::text), 50) FROM generate_series(1, 1000)";
    let (fill, empty) = (|| postgres.fill(), || postgres.empty());
    fills_up(&|| postgres.sql(insert), &fill, &empty, "No space left on device");
    assert_eq!(postgres.sql("SELECT COUNT(*) FROM a"), "2000\n");
}

#[test]
fn mariadb_has_a_small_disk() {
    let mariadb = MariaDb::with_small_disk("32m");
    let sql = |sql: &str| mariadb.sql_in(&mariadb.url(), sql);
    sql("CREATE TABLE a (n LONGTEXT)");
    let insert = "INSERT INTO a SELECT REPEAT(MD5(RAND()), 50) FROM seq_1_to_1000";
    let (fill, empty) = (|| mariadb.fill(), || mariadb.empty());
    fills_up(&|| sql(insert), &fill, &empty, "The table 'a' is full");
    assert_eq!(sql("SELECT COUNT(*) FROM a"), "2000\n");
}
