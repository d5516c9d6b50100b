//! An application may bring its own sqlx: there is one SQLite in the program, and both work on one file.

use chrono::{DateTime, Utc};
use nuages_db::Database;
use sqlx::{Connection, Row, SqliteConnection};

#[tokio::test]
async fn sqlx_and_nuages_share_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:///{}/db.sqlite3", folder.path().display());
    let ours = Database::connect(&url).unwrap();
    ours.migrate().await.unwrap();
    let sessions = ours.sessions();
    let now = DateTime::<Utc>::UNIX_EPOCH;
    let end = now + chrono::TimeDelta::days(1);
    assert!(sessions.insert("written-by-nuages", "data", end).await.unwrap());

    let path = folder.path().join("db.sqlite3");
    let mut theirs = SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.unwrap();
    let row = sqlx::query("SELECT session_data, sqlite_version() FROM django_session WHERE session_key = ?")
        .bind("written-by-nuages")
        .fetch_one(&mut theirs)
        .await
        .unwrap();
    assert_eq!(row.get::<String, _>(0), "data");
    println!("SQLite {}", row.get::<String, _>(1));
    let copy = "INSERT INTO django_session SELECT 'written-by-sqlx', 'more', expire_date FROM django_session";
    sqlx::query(copy).execute(&mut theirs).await.unwrap();
    theirs.close().await.unwrap();

    let row = sessions.load("written-by-sqlx", now).await.unwrap().unwrap();
    assert_eq!((row.session_data.as_str(), row.expire_date), ("more", end));
}
