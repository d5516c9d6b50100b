//! Servers that refuse: strangers, wrong passwords, no room, no writes.

use std::time::{Duration, Instant};

use nuages_db::{Database, DbErrorKind};
use tokio::task::JoinSet;

use crate::own::{A_SECOND, Own, migrated, recovered};
use crate::{later, now};

#[tokio::test]
async fn a_server_that_takes_no_writes_still_reads() {
    for server in Own::all() {
        let url = server.url("");
        migrated(&url).await.sessions().insert("k", "old", later()).await.unwrap();
        server.sql(
            server.either(
                "ALTER ROLE nuages SET default_transaction_read_only = on",
                "SET GLOBAL read_only = ON",
            ),
        );
        let db = Database::connect(&url).unwrap();
        let table = db.sessions();
        for error in [
            table.insert("new", "x", later()).await.unwrap_err(),
            table.compare_and_set("k", "old", "x", later()).await.unwrap_err(),
            table.delete("k").await.unwrap_err(),
            table.merge_under_lock("k", |_| Some(("x".into(), later()))).await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), DbErrorKind::ReadOnly, "{error:?}");
        }
        assert_eq!(table.load("k", now()).await.unwrap().unwrap().session_data, "old");
        assert!(!table.exists("new").await.unwrap());
        server.sql(server.either(
            "ALTER ROLE nuages RESET default_transaction_read_only; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'nuages'",
            "SET GLOBAL read_only = OFF",
        ));
        assert!(recovered(&db).await < A_SECOND);
    }
}

#[tokio::test]
async fn a_refusal_tells_the_fix_and_no_password() {
    for server in Own::all() {
        let url = server.url("");
        let cases = [
            (
                url.replace("nuages@", "nobody@").replace("nuages:secret", "nuages:wrongsecret"),
                DbErrorKind::Connect,
            ),
            (url.replace("/nuages?", "/nowhere?"), DbErrorKind::Connect),
        ];
        for (url, kind) in cases {
            let db = Database::connect(&url).unwrap();
            let error = db.sessions().load("k", now()).await.unwrap_err();
            assert_eq!(error.kind(), kind, "{error:?}");
            assert!(error.to_string().contains("check user, password and database"), "{error}");
            let shown = format!("{error:?} {db:?}");
            assert!(!shown.contains("wrongsecret") && !shown.contains("://"), "{shown}");
        }
        // No TLS is there to be had.
        let option = server.either("sslmode=require", "ssl-mode=REQUIRED");
        let db = Database::connect(&server.url(option)).unwrap();
        assert_eq!(db.sessions().load("k", now()).await.unwrap_err().kind(), DbErrorKind::Connect);
    }
}

#[tokio::test]
async fn by_a_unix_socket() {
    for server in Own::all() {
        let (folder, port) = (server.folder().display().to_string(), server.port());
        let url = server.either(
            format!("postgres://nuages@localhost:{port}/nuages?host={folder}"),
            format!("mysql://nuages:secret@localhost/nuages?socket={folder}/socket"),
        );
        let db = migrated(&url).await;
        assert!(db.sessions().insert("k", "x", later()).await.unwrap());
    }
}

#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_room_for_connections_says_so() {
    // Three of them are kept for superusers.
    let server = test_servers::Postgres::with_options(&["max_connections=5"]);
    let db = migrated(&server.url()).await;
    let mut tasks = JoinSet::new();
    for number in 0..6 {
        let table = db.sessions();
        tasks.spawn(async move {
            let key = number.to_string();
            table.insert(&key, "x", later()).await.unwrap_or_default();
            let merge = table.merge_under_lock(&key, |_| {
                std::thread::sleep(Duration::from_millis(200));
                None
            });
            merge.await
        });
    }
    let mut kinds = Vec::new();
    while let Some(outcome) = tasks.join_next().await {
        kinds.extend(outcome.unwrap().err().map(|error| error.kind()));
    }
    assert!(!kinds.is_empty() && kinds.iter().all(|kind| *kind == DbErrorKind::Overloaded), "{kinds:?}");
    assert!(db.sessions().insert("k", "x", later()).await.unwrap());
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn a_full_disk_is_an_error_and_the_old_values_stay() {
    let server = test_servers::Postgres::with_small_disk("32m");
    let db = migrated(&server.url()).await;
    let table = db.sessions();
    table.insert("k", "old", later()).await.unwrap();
    server.fill();
    let large = "x".repeat(200_000);
    let mut kinds = Vec::new();
    for number in 0..40 {
        // Random enough not to be compressed away.
        let data: String = large
            .chars()
            .enumerate()
            .map(|(at, _)| char::from(b'a' + (at * at * (number + 7) % 23) as u8))
            .collect();
        if let Err(error) = table.insert(&number.to_string(), &data, later()).await {
            assert!(error.is_outage(), "{error:?}");
            kinds.push(error.kind());
        }
    }
    assert!(kinds.contains(&DbErrorKind::Full), "{kinds:?}");
    assert_eq!(table.load("k", now()).await.unwrap().unwrap().session_data, "old");
    server.empty();
    assert!(recovered(&db).await < A_SECOND);
}

/// What is no database server at all, or one that breaks off.
#[tokio::test]
async fn strangers_on_the_port() {
    use std::io::{Read, Write};
    /// What is answered before the connection is closed; none: it is left hanging.
    const ANSWERS: [Option<&[u8]>; 6] = [
        None,
        Some(b""),
        Some(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
        Some(b"N"),
        Some(&[0xff; 4096]),
        Some(&[0; 4096]),
    ];
    for kind in ["postgres", "mysql"] {
        if (kind == "postgres" && !cfg!(feature = "postgres"))
            || (kind == "mysql" && !cfg!(feature = "mysql"))
        {
            continue;
        }
        for answer in ANSWERS {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            let address = listener.local_addr().unwrap();
            std::thread::spawn(move || {
                let mut hanging = Vec::new();
                while let Ok((mut stream, _)) = listener.accept() {
                    match answer {
                        None => hanging.push(stream),
                        Some(answer) => {
                            stream.write_all(answer).ok();
                            stream.set_read_timeout(Some(Duration::from_millis(50))).ok();
                            stream.read_exact(&mut [0]).ok();
                        }
                    }
                }
            });
            let url = format!("{kind}://me:secret@{address}/db?timeout=0.5");
            let start = Instant::now();
            let error = Database::connect(&url).unwrap().sessions().load("k", now()).await.unwrap_err();
            assert!(
                matches!(error.kind(), DbErrorKind::Connect | DbErrorKind::TimedOut),
                "{kind} {answer:?} {error:?}"
            );
            assert!(start.elapsed() < Duration::from_millis(1_500), "{:?}", start.elapsed());
        }
    }
}
