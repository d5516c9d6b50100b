use nuages_db::{Database, DbErrorKind, How};

use crate::{File, later, now, recorded};

fn schema(connection: &rusqlite::Connection) -> Vec<String> {
    let sql =
        "SELECT sql FROM sqlite_master WHERE tbl_name = 'django_session' AND sql IS NOT NULL ORDER BY rowid";
    let mut statement = connection.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn applied(connection: &rusqlite::Connection) -> Vec<(String, String)> {
    let mut statement = connection.prepare("SELECT app, name FROM django_migrations").unwrap();
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
}

#[tokio::test]
async fn makes_what_django_makes() {
    let file = File::new();
    let db = file.connect();
    let pending = db.pending_migrations().await.unwrap();
    let made = db.migrate().await.unwrap();
    assert_eq!(pending, made);
    assert_eq!((made[0].app, made[0].name, made[0].how), ("sessions", "0001_initial", How::Created));
    assert!(db.migrate().await.unwrap().is_empty());
    assert!(db.pending_migrations().await.unwrap().is_empty());

    let expected: Vec<String> =
        serde_json::from_value(recorded()["database"]["sqlite_schema"].clone()).unwrap();
    assert_eq!(schema(&file.other()), expected);
    assert_eq!(applied(&file.other()), [("sessions".into(), "0001_initial".into())]);
}

#[tokio::test]
async fn writes_the_row_that_django_writes() {
    let file = File::new();
    let db = file.migrated().await;
    let row = &recorded()["database"]["row"];
    let (data, date) = (row["session_data"].as_str().unwrap(), row["expire_date"].as_str().unwrap());
    assert_eq!(row["at"], now().timestamp());
    db.sessions().insert("k", data, later()).await.unwrap();
    let stored: (String, String) = file
        .other()
        .query_row("SELECT session_data, expire_date FROM django_session", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    assert_eq!(stored, (data.to_owned(), date.to_owned()));
}

#[tokio::test]
async fn adopts_what_is_there() {
    // (what somebody made before, what migrate then says)
    let session = "CREATE TABLE django_session (session_key varchar(40) NOT NULL PRIMARY KEY, session_data text NOT NULL, expire_date datetime NOT NULL);";
    let migrations = "CREATE TABLE django_migrations (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, app varchar(255) NOT NULL, name varchar(255) NOT NULL, applied datetime NOT NULL);";
    let record = "INSERT INTO django_migrations (app, name, applied) VALUES ('sessions', '0001_initial', '2020-01-01 00:00:00');";
    let table = [
        (format!("{session}{migrations}{record}"), vec![]),
        (format!("{session}{migrations}"), vec![How::Adopted]),
        (session.to_owned(), vec![How::Adopted]),
        (migrations.to_owned(), vec![How::Created]),
        // Recorded, yet lost: made again, not recorded twice.
        (format!("{migrations}{record}"), vec![How::Created]),
    ];
    for (before, expected) in table {
        let file = File::new();
        file.other().execute_batch(&before).unwrap();
        let db = file.connect();
        let how: Vec<How> = db.migrate().await.unwrap().into_iter().map(|applied| applied.how).collect();
        assert_eq!(how, expected, "{before}");
        assert_eq!(applied(&file.other()), [("sessions".into(), "0001_initial".into())]);
        assert!(db.sessions().insert("k", "x", later()).await.unwrap());
    }
}

#[tokio::test]
async fn refuses_a_stranger_and_changes_nothing() {
    let file = File::new();
    file.other().execute_batch("CREATE TABLE django_session (id integer)").unwrap();
    let error = file.connect().migrate().await.unwrap_err();
    assert_eq!(error.kind(), DbErrorKind::Other);
    assert!(error.to_string().contains("session_key"), "{error}");
    let tables: i64 =
        file.other().query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0)).unwrap();
    assert_eq!(tables, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_may_migrate_at_once() {
    let file = File::new();
    let runs: Vec<_> =
        (0..8).map(|_| file.connect()).map(|db| tokio::spawn(async move { db.migrate().await })).collect();
    let mut made = 0;
    for run in runs {
        made += run.await.unwrap().unwrap().len();
    }
    assert_eq!(made, 1);
}

#[tokio::test]
async fn before_migrate_the_error_tells_the_fix() {
    let db = Database::connect("sqlite:///:memory:").unwrap();
    for error in [
        db.sessions().load("k", now()).await.unwrap_err(),
        db.sessions().insert("k", "x", later()).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), DbErrorKind::MissingTable);
        assert!(error.to_string().contains("run migrate"));
        assert!(!error.is_outage());
    }
    db.migrate().await.unwrap();
    assert!(db.sessions().load("k", now()).await.unwrap().is_none());
}
