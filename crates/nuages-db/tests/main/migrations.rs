use nuages_db::{DbErrorKind, How};

use crate::places::Place;
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

/// What somebody made before, by the kind of database: sessions, the record, its row.
fn before(place: &Place) -> [&'static str; 3] {
    let record = "INSERT INTO django_migrations (app, name, applied) VALUES ('sessions', '0001_initial', '2020-01-01 00:00:00');";
    match place.name {
        "postgres" => [
            "CREATE TABLE django_session (session_key varchar(40) NOT NULL PRIMARY KEY, session_data text NOT NULL, expire_date timestamp with time zone NOT NULL); ALTER TABLE django_session OWNER TO nuages;",
            "CREATE TABLE django_migrations (id serial NOT NULL PRIMARY KEY, app varchar(255) NOT NULL, name varchar(255) NOT NULL, applied timestamp with time zone NOT NULL); ALTER TABLE django_migrations OWNER TO nuages;",
            record,
        ],
        "mariadb" => [
            "CREATE TABLE django_session (session_key varchar(40) NOT NULL PRIMARY KEY, session_data longtext NOT NULL, expire_date datetime(6) NOT NULL);",
            "CREATE TABLE django_migrations (id int NOT NULL PRIMARY KEY AUTO_INCREMENT, app varchar(255) NOT NULL, name varchar(255) NOT NULL, applied datetime(6) NOT NULL);",
            record,
        ],
        _ => [
            "CREATE TABLE django_session (session_key varchar(40) NOT NULL PRIMARY KEY, session_data text NOT NULL, expire_date datetime NOT NULL);",
            "CREATE TABLE django_migrations (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, app varchar(255) NOT NULL, name varchar(255) NOT NULL, applied datetime NOT NULL);",
            record,
        ],
    }
}

#[tokio::test]
async fn adopts_what_is_there() {
    // (which of it was there before, what migrate then says)
    let table: [(&[usize], &[How]); 5] = [
        (&[0, 1, 2], &[]),
        (&[0, 1], &[How::Adopted]),
        (&[0], &[How::Adopted]),
        (&[1], &[How::Created]),
        // Recorded, yet lost: made again, not recorded twice.
        (&[1, 2], &[How::Created]),
    ];
    for (parts, expected) in table {
        for place in Place::shared() {
            let before: String = parts.iter().map(|part| before(&place)[*part]).collect();
            place.sql(&before);
            let db = place.connect();
            let applied = db.migrate().await.unwrap();
            let how: Vec<How> = applied.into_iter().map(|applied| applied.how).collect();
            assert_eq!(how, expected, "{} {before}", place.name);
            assert_eq!(place.sql("SELECT app, name FROM django_migrations"), "sessions|0001_initial\n");
            assert!(db.sessions().insert("k", "x", later()).await.unwrap());
        }
    }
}

#[tokio::test]
async fn refuses_a_stranger_and_changes_nothing() {
    for place in Place::shared() {
        place.sql("CREATE TABLE django_session (id integer)");
        let db = place.connect();
        // Several times: no lock stays behind.
        for _ in 0..3 {
            let error = db.migrate().await.unwrap_err();
            assert_eq!(error.kind(), DbErrorKind::Other, "{}", place.name);
            assert!(error.to_string().contains("session_key"), "{error}");
        }
        place.connect().migrate().await.unwrap_err();
        let tables = match place.name {
            "postgres" => "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'",
            "mariadb" => "SELECT count(*) FROM information_schema.tables WHERE table_schema = DATABASE()",
            _ => "SELECT count(*) FROM sqlite_master",
        };
        assert_eq!(place.sql(tables), "1\n", "{}", place.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_may_migrate_at_once() {
    for place in Place::shared() {
        let runs: Vec<_> = (0..8)
            .map(|_| place.connect())
            .map(|db| tokio::spawn(async move { db.migrate().await }))
            .collect();
        let mut made = 0;
        for run in runs {
            made += run.await.unwrap().unwrap().len();
        }
        assert_eq!(made, 1, "{}", place.name);
    }
}

#[tokio::test]
async fn before_migrate_the_error_tells_the_fix() {
    for place in Place::all() {
        let db = place.connect();
        for error in [
            db.sessions().load("k", now()).await.unwrap_err(),
            db.sessions().insert("k", "x", later()).await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), DbErrorKind::MissingTable, "{}", place.name);
            assert!(error.to_string().contains("run migrate"));
            assert!(!error.is_outage());
        }
        db.migrate().await.unwrap();
        assert!(db.sessions().load("k", now()).await.unwrap().is_none());
    }
}

/// The schema as the server tells it, in the form in which Django's was recorded.
#[cfg(any(feature = "postgres", feature = "mysql"))]
fn described(place: &Place, table: &str) -> serde_json::Value {
    let rows = |sql: String| -> Vec<Vec<String>> {
        place.sql(&sql).lines().map(|line| line.split('|').map(str::to_owned).collect()).collect()
    };
    if place.name == "postgres" {
        return serde_json::json!({
            "columns": rows(format!("select column_name, data_type, coalesce(character_maximum_length::text,''), is_nullable, is_identity, coalesce(identity_generation,''), coalesce(collation_name,''), coalesce(column_default,'') from information_schema.columns where table_name='{table}' order by ordinal_position")),
            "indexes": rows(format!("select indexname, indexdef from pg_indexes where tablename='{table}' order by indexname")),
        });
    }
    let text = place.sql(&format!("show create table {table}"));
    let text = text.trim_end().split_once('|').unwrap().1.replace("\\n", "\n");
    // How many rows there were is not part of it.
    serde_json::Value::String(text.replace("AUTO_INCREMENT=2 ", ""))
}

#[cfg(any(feature = "postgres", feature = "mysql"))]
#[tokio::test]
async fn makes_what_django_makes_on_servers() {
    for place in Place::shared().into_iter().filter(|place| place.file.is_none()) {
        let db = place.connect();
        let pending = db.pending_migrations().await.unwrap();
        let made = db.migrate().await.unwrap();
        assert_eq!(pending, made);
        assert_eq!((made[0].app, made[0].name, made[0].how), ("sessions", "0001_initial", How::Created));
        assert!(db.migrate().await.unwrap().is_empty());
        db.cache("my_cache_table").unwrap().create().await.unwrap();
        let kind = if place.name == "postgres" { "postgresql" } else { "mysql" };
        for table in ["django_session", "django_migrations", "my_cache_table"] {
            let mut recorded = recorded()[kind][table].clone();
            if let Some(text) = recorded.as_str() {
                recorded = text.replace("AUTO_INCREMENT=2 ", "").into();
            }
            assert_eq!(described(&place, table), recorded, "{} {table}", place.name);
        }
        assert_eq!(place.sql("SELECT app, name FROM django_migrations"), "sessions|0001_initial\n");
    }
}
