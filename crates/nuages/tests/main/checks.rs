//! `check` on a project that is right, and on three that are not.

use crate::broken;
use crate::project::{KEY, Project, snapshot};

fn right() -> Project {
    Project::new("ALLOWED_HOSTS = [\"example.com\"]\n").variable("SECRET_KEY", KEY)
}

#[test]
fn a_project_that_is_right() {
    let project = right();
    snapshot("check_tables_missing", project.run(&["check"]));
    project.run(&["migrate"]);
    snapshot("check", project.run(&["check"]));
}

#[test]
fn bad_settings() {
    let project = Project::new(concat!(
        "DEBUG = \"yes\"\n",
        "SESSION_COOKE_AGE = 3600\n",
        "SESSION_ENGINE = \"disk\"\n",
        "TRUSTED_PROXIES = [\"10.0.0.0/99\"]\n",
        "SECURE_REDIRECT_EXEMPT = [\"(\"]\n",
    ));
    let project =
        project.variable("NUAGES_SESSION_COOKIE_SECURE", "perhaps").variable("NUAGES_DEBUGGING", "1");
    snapshot("check_bad_settings", project.run(&["check"]));
}

#[test]
fn bad_urls_and_middleware() {
    snapshot("check_bad_urls", right().run_with(&["check"], broken::urls_and_middleware));
    snapshot("check_doubtful_urls", right().run_with(&["check"], broken::doubtful_urls));
}

#[test]
fn silenced() {
    let project = Project::new(
        "ALLOWED_HOSTS = [\"example.com\"]\nSILENCED_SYSTEM_CHECKS = [\"security.W003\", \"security.W004\", \"models.W042\"]\n",
    )
    .variable("SECRET_KEY", KEY)
    .variable("NUAGES_SECURE_SSL_REDIRECT", "true")
    .variable("NUAGES_SESSION_COOKIE_SECURE", "true")
    .variable("NUAGES_CSRF_COOKIE_SECURE", "true");
    project.run(&["migrate"]);
    snapshot("check_silenced", project.run(&["check", "--deploy", "--fail-level", "WARNING"]));
}

#[test]
fn insecure_deployment() {
    let project = Project::new(concat!(
        "DEBUG = true\n",
        "SECRET_KEY_FALLBACKS = [\"short\"]\n",
        "SESSION_COOKIE_HTTPONLY = false\n",
        "SECURE_CONTENT_TYPE_NOSNIFF = false\n",
        "SECURE_REFERRER_POLICY = \"nobody\"\n",
        "SECURE_CROSS_ORIGIN_OPENER_POLICY = \"other\"\n",
        "X_FRAME_OPTIONS = \"SAMEORIGIN\"\n",
    ));
    project.run(&["migrate"]);
    snapshot("check_deploy", project.run(&["check", "--deploy"]));
    snapshot("check_deploy_bare", right().run_with(&["check", "--deploy"], broken::bare));
}

#[test]
fn fail_level() {
    let project = right();
    project.run(&["migrate"]);
    for (level, status) in
        [("ERROR", 0), ("error", 0), ("CRITICAL", 0), ("WARNING", 1), ("INFO", 1), ("DEBUG", 1)]
    {
        let said = project.run(&["check", "--deploy", "--fail-level", level]);
        assert!(said.contains(&format!("exit status {status}")), "{level}: {said}");
    }
}

#[test]
fn services_that_do_not_work() {
    let table: [(&str, &[(&str, &str)]); 6] = [
        ("check_session_engine", &[("NUAGES_SESSION_ENGINE", "disk")]),
        (
            "check_session_folder",
            &[("NUAGES_SESSION_ENGINE", "file"), ("NUAGES_SESSION_FILE_PATH", "sessions")],
        ),
        ("check_session_cookie", &[("NUAGES_SESSION_COOKIE_NAME", "session id")]),
        ("check_database_folder", &[("DATABASE_URL", "sqlite:///missing/db.sqlite3")]),
        ("check_database_url", &[("DATABASE_URL", "oracle://me:hunter2@localhost/site")]),
        ("check_cache_url", &[("CACHE_URL", "nowhere://"), ("NUAGES_SESSION_ENGINE", "cache")]),
    ];
    for (name, variables) in table {
        let project = variables.iter().fold(right(), |project, (name, value)| project.variable(name, value));
        let said = project.run(&["check"]);
        assert!(!said.contains("hunter2"), "{said}");
        snapshot(name, said);
    }
}

#[test]
fn a_database_that_is_none() {
    let project = right();
    std::fs::write(project.join("db.sqlite3"), "this is a text, and no database at all ".repeat(50)).unwrap();
    snapshot("check_database_corrupt", project.run(&["check"]));
}

#[test]
fn bad_files_and_passwords() {
    let project = Project::new(concat!(
        "STATIC_URL = \"assets\"\n",
        "STATIC_ROOT = \"collected\"\n",
        "STATICFILES_DIRS = [\"collected\", [\"vendor/\", \"none\"]]\n",
        "STATICFILES_STORAGE = \"whitenoise\"\n",
        "STATIC_PRECOMPRESS = [\"zip\"]\n",
        "PASSWORD_HASHERS = [\"sha1\"]\n",
    ))
    .variable("SECRET_KEY", KEY);
    project.run(&["migrate"]);
    snapshot("check_bad_files", project.run(&["check"]));
    let project = Project::new("PASSWORD_HASHERS = [\"md5\"]\nSTATICFILES_DIRS = [\".\"]\n")
        .variable("SECRET_KEY", KEY);
    project.run(&["migrate"]);
    snapshot("check_weak_passwords", project.run(&["check"]));
}
