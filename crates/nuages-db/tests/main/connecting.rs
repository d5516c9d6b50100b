use std::time::Duration;

use nuages_db::{Database, DbErrorKind};

use crate::{File, later, now};

#[tokio::test]
async fn databases_in_memory_are_private_and_shared_by_clones() {
    let one = Database::connect("sqlite:///:memory:").unwrap();
    let two = Database::connect("sqlite:///:memory:").unwrap();
    one.migrate().await.unwrap();
    one.clone().sessions().insert("k", "x", later()).await.unwrap();
    assert!(one.sessions().exists("k").await.unwrap());
    assert_eq!(two.sessions().exists("k").await.unwrap_err().kind(), DbErrorKind::MissingTable);
}

#[tokio::test]
async fn a_file_is_made_and_found_again() {
    let file = File::new();
    file.migrated().await.sessions().insert("k", "x", later()).await.unwrap();
    assert!(file.connect().sessions().exists("k").await.unwrap());
    let mode: String = file.other().query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
}

#[test]
fn what_cannot_be_opened_tells_the_fix() {
    let file = File::new();
    let missing = format!("sqlite:///{}/no/such/folder/db.sqlite3", file.folder.path().display());
    let folder = format!("sqlite:///{}", file.folder.path().display());
    for url in [missing, folder] {
        let error = Database::connect(&url).unwrap_err();
        assert_eq!(error.kind(), DbErrorKind::Connect, "{error:?}");
        assert!(error.to_string().contains(file.folder.path().to_str().unwrap()), "{error}");
    }
}

#[test]
fn what_is_no_database_is_left_alone() {
    let file = File::new();
    let text = "this is a letter, not a database\n".repeat(100);
    std::fs::write(file.path(), &text).unwrap();
    assert_eq!(Database::connect(&file.url()).unwrap_err().kind(), DbErrorKind::Corrupt);
    assert_eq!(std::fs::read_to_string(file.path()).unwrap(), text);
}

#[tokio::test]
async fn close_finishes_what_waits_and_refuses_what_comes() {
    let file = File::new();
    let db = file.migrated().await;
    let table = db.sessions();
    for number in 0..100 {
        let key = number.to_string();
        let mut insert = Box::pin(table.insert(&key, "x", later()));
        // Handed over by the first poll, then dropped.
        let _ = futures_poll(&mut insert).await;
    }
    db.close().await.unwrap();
    db.close().await.unwrap();
    assert_eq!(table.load("k", now()).await.unwrap_err().kind(), DbErrorKind::Closed);
    assert_eq!(table.delete("k").await.unwrap_err().kind(), DbErrorKind::Closed);
    let rows: i64 =
        file.other().query_row("SELECT count(*) FROM django_session", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 100);
}

/// Polls once.
async fn futures_poll<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    std::future::poll_fn(|context| {
        std::task::Poll::Ready(match std::pin::Pin::new(&mut *future).poll(context) {
            std::task::Poll::Ready(output) => Some(output),
            std::task::Poll::Pending => None,
        })
    })
    .await
}

#[test]
fn the_deadline_comes_from_the_url() {
    let db = Database::connect("sqlite:///:memory:?timeout=0.25").unwrap();
    assert_eq!(db.deadline(), Duration::from_millis(250));
    assert_eq!(db.with_deadline(Duration::from_secs(9)).deadline(), Duration::from_secs(9));
    assert_eq!(Database::connect("sqlite:///:memory:").unwrap().deadline(), nuages_db::DEFAULT_DEADLINE);
}

#[test]
fn a_kind_that_is_not_built_in_names_its_feature() {
    let kinds = [("postgres", cfg!(feature = "postgres")), ("mysql", cfg!(feature = "mysql"))];
    for (feature, is_built_in) in kinds {
        let opened = Database::connect(&format!("{feature}://me:hunter2@localhost/db"));
        if is_built_in {
            let shown = format!("{:?}", opened.unwrap());
            assert!(!shown.contains("hunter2"), "{shown}");
            continue;
        }
        let error = opened.unwrap_err();
        assert_eq!(error.kind(), DbErrorKind::InvalidUrl);
        assert!(error.to_string().contains(&format!("the feature `{feature}`")), "{error}");
        assert!(!error.to_string().contains("hunter2"));
    }
}
