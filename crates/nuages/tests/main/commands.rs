//! What each command says.

use std::net::TcpListener;

use crate::broken;
use crate::project::{KEY, Project, snapshot};

fn project() -> Project {
    Project::new("ALLOWED_HOSTS = [\"example.com\"]\n").variable("SECRET_KEY", KEY)
}

#[test]
fn help() {
    let project = project();
    snapshot("help", project.run(&["--help"]));
    snapshot("help_runserver", project.run(&["runserver", "--help"]));
    snapshot("help_migrate", project.run(&["migrate", "--help"]));
    snapshot("help_clearsessions", project.run(&["clearsessions", "--help"]));
    snapshot("help_sessions", project.run(&["sessions", "--help"]));
    snapshot("help_sessions_list", project.run(&["sessions", "list", "--help"]));
    snapshot("help_sessions_show", project.run(&["sessions", "show", "--help"]));
    snapshot("help_sessions_delete", project.run(&["sessions", "delete", "--help"]));
    snapshot("help_check", project.run(&["check", "--help"]));
    snapshot("help_showurls", project.run(&["showurls", "--help"]));
    snapshot("help_showmiddleware", project.run(&["showmiddleware", "--help"]));
    assert!(!project.join("db.sqlite3").exists(), "help needs no database");
}

#[test]
fn mistakes_in_the_command_line() {
    snapshot("mistake_command", project().run(&["migrat"]));
    snapshot("mistake_address", project().run(&["runserver", "localhost"]));
    snapshot("mistake_level", project().run(&["check", "--fail-level", "grave"]));
}

#[test]
fn collectstatic() {
    let project =
        Project::new("STATIC_ROOT = \"root\"\nSTATICFILES_DIRS = [\"assets\", [\"vendor\", \"more\"]]\n")
            .variable("SECRET_KEY", KEY);
    for (name, content) in [
        ("assets/site.css", "@import 'vendor/reset.css';"),
        ("more/reset.css", "*{margin:0}"),
        ("assets/vendor/reset.css", "first"),
    ] {
        std::fs::create_dir_all(project.join(name).parent().unwrap()).unwrap();
        std::fs::write(project.join(name), content).unwrap();
    }
    std::os::unix::fs::symlink("/etc/passwd", project.join("assets/passwd")).unwrap();
    snapshot("help_collectstatic", project.run(&["collectstatic", "--help"]));
    snapshot("collectstatic_dry_run", project.run(&["collectstatic", "-n"]));
    snapshot("collectstatic", project.run(&["collectstatic"]));
    snapshot("collectstatic_again", project.run(&["collectstatic", "--noinput"]));
    assert!(project.join("root/vendor/reset.8b04d5e3775d.css").is_file());
    std::fs::write(project.join("assets/site.css"), "a{background:url(none.png)}").unwrap();
    snapshot("collectstatic_mistake", project.run(&["collectstatic", "--clear", "--noinput"]));
    // Nobody at a terminal who could agree.
    snapshot("collectstatic_clear", project.run(&["collectstatic", "--clear"]));
}

/// What `nuages doctor` asks.
#[test]
fn probe() {
    let project = project();
    let bare = project.run(&["probe"]);
    project.run(&["migrate"]);
    snapshot("probe", format!("{bare}\n{}", project.run(&["probe"])));
    let broken = project.variable("NUAGES_DEBUGG", "1").variable("CACHE_URL", "file:///proc/nowhere");
    snapshot("probe_bad_settings", broken.run(&["probe"]));
    snapshot("probe_bad_urls", self::project().run_with(&["probe"], broken::urls_and_middleware));
    let no_table = self::project().variable("CACHE_URL", "db://missing_table");
    no_table.run(&["migrate"]);
    snapshot("probe_no_cache_table", no_table.run(&["probe"]));
}

#[test]
fn migrate() {
    let project = project();
    snapshot("migrate", project.run(&["migrate"]));
    snapshot("migrate_again", project.run(&["migrate"]));
    assert!(project.join("db.sqlite3").is_file());
}

#[test]
fn migrate_without_a_folder_for_the_database() {
    let project = project().variable("DATABASE_URL", "sqlite:///missing/db.sqlite3");
    snapshot("migrate_no_folder", project.run(&["migrate"]));
    let project = project.variable("NUAGES_DATABASE_URL", "oracle://me:hunter2@localhost/site");
    let said = project.run(&["migrate"]);
    assert!(!said.contains("hunter2"), "{said}");
    snapshot("migrate_other_database", said);
}

/// Nobody listens on port 1.
#[test]
fn a_database_server_that_is_away_or_not_built_in() {
    for (kind, is_built_in) in [("postgres", cfg!(feature = "postgres")), ("mysql", cfg!(feature = "mysql"))]
    {
        let url = format!("{kind}://me:hunter2@127.0.0.1:1/site");
        let project = project().variable("DATABASE_URL", &url);
        let (migrated, checked) = (project.run(&["migrate"]), project.run(&["check"]));
        let expected = if is_built_in {
            assert!(checked.contains(&format!("database.E001: the database {kind}://***@127.0.0.1:1/site")));
            assert!(checked.contains("start the database, or correct DATABASE_URL"), "{checked}");
            "the database server cannot be reached".to_owned()
        } else {
            format!("turn on the feature `{kind}` of nuages")
        };
        for said in [migrated, checked] {
            assert!(said.contains(&expected), "{said}");
            assert!(said.contains("exit status 1"), "{said}");
            assert!(!said.contains("hunter2"), "{said}");
        }
    }
}

#[test]
fn clearsessions() {
    let project = project();
    snapshot("clearsessions_no_table", project.run(&["clearsessions"]));
    project.run(&["migrate"]);
    snapshot("clearsessions_none", project.run(&["clearsessions"]));
    expired_sessions(&project, 3);
    snapshot("clearsessions_three", project.run(&["clearsessions"]));
    expired_sessions(&project, 1);
    snapshot("clearsessions_one", project.run(&["clearsessions"]));
    snapshot("clearsessions_without_sessions", project.run_with(&["clearsessions"], broken::bare));
}

#[test]
fn clearsessions_of_files() {
    let project =
        project().variable("NUAGES_SESSION_ENGINE", "file").variable("NUAGES_SESSION_FILE_PATH", "s");
    std::fs::create_dir(project.join("s")).unwrap();
    std::fs::write(project.join("s/sessionidabcdefghijklmnopqrstuvwxyz012345"), "").unwrap();
    std::fs::write(project.join("s/unrelated"), "").unwrap();
    let said = project.run(&["clearsessions"]);
    assert!(said.contains("exit status 0"), "{said}");
    assert!(project.join("s/unrelated").exists());
}

#[test]
fn sessions() {
    let project = project();
    project.run(&["migrate"]);
    snapshot("sessions_none", project.run(&["sessions", "list"]));
    let url = format!("sqlite:///{}", project.join("db.sqlite3").display());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        use chrono::{TimeZone, Utc};
        let database = nuages_db::Database::connect(&url).unwrap();
        let codec = nuages::sessions::SessionCodec::new(KEY);
        let table = database.sessions();
        let end = Utc.with_ymd_and_hms(2099, 1, 2, 3, 4, 5).unwrap();
        for (key, json) in [
            (
                "aaaaaaaa0000000000000000000000ab",
                r#"{"_auth_user_id":"7","_auth_user_hash":"hush","cart":["pen"]}"#,
            ),
            ("aaaaaaaa1111111111111111111111cd", r#"{"n":1}"#),
            ("bbbbbbbb0000000000000000000000ef", r#"{"_session_lock":"x"}"#),
        ] {
            let data = nuages::sessions::SessionData::from_json(json).unwrap();
            table.insert(key, &codec.encode(&data).unwrap(), end).await.unwrap();
        }
        table.insert("cccccccc000000000000000000000000", "another key wrote this", end).await.unwrap();
        table.insert("dddddddd000000000000000000000000", "", Utc.timestamp_opt(0, 0).unwrap()).await.unwrap();
        database.close().await.unwrap();
    });
    snapshot("sessions_list", project.run(&["sessions", "list"]));
    snapshot(
        "sessions_list_all",
        project.run(&["sessions", "list", "--expired", "--full-keys", "--limit", "4"]),
    );
    snapshot("sessions_list_user", project.run(&["sessions", "list", "--user", "7"]));
    snapshot("sessions_show", project.run(&["sessions", "show", "aaaaaaaa0"]));
    snapshot(
        "sessions_show_all",
        project.run(&["sessions", "show", "aaaaaaaa0000000000000000000000ab", "--secrets", "--full-key"]),
    );
    snapshot("sessions_show_unreadable", project.run(&["sessions", "show", "cccccccc"]));
    snapshot("sessions_show_several", project.run(&["sessions", "show", "aaaaaaaa"]));
    snapshot("sessions_delete", project.run(&["sessions", "delete", "aaaaaaaa0"]));
    snapshot("sessions_delete_again", project.run(&["sessions", "delete", "aaaaaaaa0"]));
    snapshot("sessions_delete_no_index", project.run(&["sessions", "delete", "--user", "7"]));
    let project = project.variable("NUAGES_SESSION_INDEX", "true");
    snapshot("migrate_index", project.run(&["migrate"]));
    snapshot("sessions_delete_user", project.run(&["sessions", "delete", "--user", "7"]));
    let cache = project.variable("NUAGES_SESSION_ENGINE", "cache");
    snapshot("sessions_list_cache", cache.run(&["sessions", "list"]));
}

/// Sessions that have expired, beside one that has not.
fn expired_sessions(project: &Project, count: i64) {
    use chrono::{TimeDelta, Utc};
    let url = format!("sqlite:///{}", project.join("db.sqlite3").display());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let database = nuages_db::Database::connect(&url).unwrap();
        let sessions = database.sessions();
        sessions.insert("kept", "", Utc::now() + TimeDelta::hours(1)).await.unwrap();
        for number in 1..=count {
            let key = format!("expired{number}");
            assert!(sessions.insert(&key, "", Utc::now() - TimeDelta::hours(number)).await.unwrap());
        }
        database.close().await.unwrap();
    });
}

#[test]
fn showurls() {
    snapshot("showurls", project().run(&["showurls"]));
    snapshot("showurls_none", project().run_with(&["showurls"], broken::empty));
}

#[test]
fn showmiddleware() {
    snapshot("showmiddleware", project().run(&["showmiddleware"]));
    snapshot("showmiddleware_none", project().run_with(&["showmiddleware"], broken::empty));
    snapshot(
        "showmiddleware_wrong_order",
        project().run_with(&["showmiddleware"], broken::urls_and_middleware),
    );
}

#[test]
fn runserver_on_a_port_in_use() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let said = project().run(&["runserver", &port.to_string()]);
    let said = said.replace(&port.to_string(), "[port]").replace(&(port + 1).to_string(), "[port + 1]");
    snapshot("runserver_in_use", said);
}

#[test]
fn runserver_that_cannot_start() {
    snapshot("runserver_bad_settings", Project::new("DEBUG = 1\n").run(&["runserver"]));
    snapshot("runserver_no_key", Project::without_file().run(&["runserver"]));
    snapshot("runserver_bad_urls", project().run_with(&["runserver"], broken::urls_and_middleware));
    snapshot("runserver_bad_log", project().variable("RUST_LOG", "=loud=").run(&["runserver"]));
}

#[test]
fn a_runtime_inside_of_a_runtime_is_refused_with_advice() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let said = runtime.block_on(async { project().run(&["check"]) });
    assert!(said.contains("without #[tokio::main]"), "{said}");
}
