//! `DATABASES`, as DATABASE_URL.

use std::path::Path;

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use super::translation::Translation;

/// What has a meaning of its own in the path of a URL of SQLite.
const IN_PATHS: &AsciiSet = &CONTROLS.add(b'%').add(b'?').add(b'#');

/// What is left as it is in the other parts of a URL.
const IN_PARTS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Options of Django's that the drivers here take under these names.
const POSTGRES_OPTIONS: &[&str] =
    &["sslmode", "sslrootcert", "sslcert", "sslkey", "application_name", "options"];

/// Where the servers of most systems have their socket.
const SOCKET_FOLDERS: &[&str] = &["/var/run/postgresql", "/tmp"];

/// What else Django can be told of a database.
const MEMBERS: &[(&str, &str)] = &[
    ("ATOMIC_REQUESTS", "a view begins the transactions that it needs"),
    (
        "TIME_ZONE",
        "Django writes the ends of sessions in this time then, and nuages in UTC: they end some hours early or late",
    ),
];

pub(super) fn translate(translation: &mut Translation<'_>) {
    let Some(databases) = translation.answer.get("DATABASES").as_object() else { return };
    for alias in databases.keys().filter(|alias| *alias != "default") {
        translation.leave(
            format_args!("DATABASES {alias}"),
            "there is one database; give its URL to Database::connect in your own code",
        );
    }
    let Some(database) = databases.get("default").and_then(Value::as_object) else { return };
    for (name, why) in MEMBERS {
        if database.get(*name).is_some_and(|value| !matches!(value, Value::Null | Value::Bool(false))) {
            translation.leave(format_args!("DATABASES default {name}"), why);
        }
    }
    match url(translation, database) {
        Ok(Url { url, kind, secret }) => {
            translation.taken(format_args!("the database: {kind}"));
            if secret {
                translation.remark("DATABASE_URL has a password and is in .env.");
                translation.variable("DATABASE_URL", &url);
            } else {
                translation.set("DATABASE_URL", url);
            }
        }
        Err(why) => translation.leave("DATABASES default", why),
    }
}

struct Url {
    url: String,
    kind: &'static str,
    secret: bool,
}

fn url(translation: &mut Translation<'_>, database: &Map<String, Value>) -> Result<Url, String> {
    let text = |name: &str| match database.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let (engine, name) = (text("ENGINE"), text("NAME"));
    let no_options = Map::new();
    let options = database.get("OPTIONS").and_then(Value::as_object).unwrap_or(&no_options);
    match engine.rsplit('.').next().unwrap_or_default() {
        "sqlite3" | "spatialite" => {
            if name.is_empty() || name == ":memory:" || name.starts_with("file:") {
                return Err(format!("{name:?} is a database of one process, which nobody can share"));
            }
            let path = translation.path(&name).to_string_lossy().into_owned();
            let timeout = options
                .get("timeout")
                .and_then(Value::as_f64)
                .map(|seconds| format!("?timeout={}", seconds.ceil()));
            leave_options(translation, options, &["timeout"]);
            let path = utf8_percent_encode(&path, IN_PATHS);
            Ok(Url {
                url: format!("sqlite:///{path}{}", timeout.unwrap_or_default()),
                kind: "SQLite",
                secret: false,
            })
        }
        "postgresql" | "postgis" | "postgresql_psycopg2" => {
            translation.feature("postgres");
            let known: Vec<(String, String)> = options
                .iter()
                .filter(|(name, _)| POSTGRES_OPTIONS.contains(&name.as_str()))
                .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
                .collect();
            leave_options(translation, options, POSTGRES_OPTIONS);
            if !text("HOST").is_empty() {
                return Ok(server("postgres", "PostgreSQL", "host", &text, known));
            }
            let port = Some(text("PORT")).filter(|port| !port.is_empty()).unwrap_or("5432".to_owned());
            match (socket_folder(SOCKET_FOLDERS, &port), text("PASSWORD").as_str()) {
                (Some(folder), _) => {
                    let text = |name: &str| if name == "HOST" { folder.to_owned() } else { text(name) };
                    Ok(server("postgres", "PostgreSQL", "host", &text, known))
                }
                (None, "") => Ok(local_postgres(&text, known)),
                (None, _) => {
                    translation.leave(
                        "DATABASES default HOST",
                        "it is empty, which is the unix socket for Django, and localhost here; the folder of the socket is a HOST for both",
                    );
                    Ok(server("postgres", "PostgreSQL", "host", &text, known))
                }
            }
        }
        "mysql" => {
            translation.feature("mysql");
            leave_options(translation, options, &["charset"]);
            Ok(server("mysql", "MySQL or MariaDB", "socket", &text, Vec::new()))
        }
        "" | "dummy" => Err("Django has none".to_owned()),
        _ => Err(format!("{engine} is not known; there are SQLite, PostgreSQL and MySQL")),
    }
}

fn leave_options(translation: &mut Translation<'_>, options: &Map<String, Value>, known: &[&str]) {
    for name in options.keys().filter(|name| !known.contains(&name.as_str())) {
        translation.leave(
            format_args!("DATABASES default OPTIONS {name}"),
            "has no counterpart among the options of DATABASE_URL",
        );
    }
}

/// The folder in which a PostgreSQL listens.
fn socket_folder<'a>(folders: &[&'a str], port: &str) -> Option<&'a str> {
    folders.iter().copied().find(|folder| Path::new(folder).join(format!(".s.PGSQL.{port}")).exists())
}

/// PostgreSQL on its unix socket, wherever the driver finds that; the system's user is who the database knows.
fn local_postgres(text: &impl Fn(&str) -> String, options: Vec<(String, String)>) -> Url {
    let named = [("user", "USER"), ("port", "PORT")].map(|(ours, django)| (ours.to_owned(), text(django)));
    let options: Vec<String> = named
        .into_iter()
        .chain(options)
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", utf8_percent_encode(&value, IN_PARTS)))
        .collect();
    let mark = if options.is_empty() { "" } else { "?" };
    let name = text("NAME");
    let url = format!("postgres:///{}{mark}{}", utf8_percent_encode(&name, IN_PARTS), options.join("&"));
    Url { url, kind: "PostgreSQL", secret: false }
}

/// A URL of a server; a host that is a path is the folder or file of a unix socket.
fn server(
    scheme: &str,
    kind: &'static str,
    socket: &str,
    text: &impl Fn(&str) -> String,
    mut options: Vec<(String, String)>,
) -> Url {
    let part = |name: &str| utf8_percent_encode(&text(name), IN_PARTS).to_string();
    let (user, password, host, port) = (part("USER"), part("PASSWORD"), text("HOST"), part("PORT"));
    let mut url = format!("{scheme}://{user}");
    if !password.is_empty() {
        url.push_str(&format!(":{password}"));
    }
    if !user.is_empty() || !password.is_empty() {
        url.push('@');
    }
    if host.starts_with('/') {
        options.insert(0, (socket.to_owned(), host));
        url.push_str("localhost");
    } else {
        let bracketed = if host.contains(':') { format!("[{host}]") } else { host };
        url.push_str(if bracketed.is_empty() { "localhost" } else { &bracketed });
    }
    if !port.is_empty() {
        url.push_str(&format!(":{port}"));
    }
    url.push_str(&format!("/{}", part("NAME")));
    for (index, (name, value)) in options.iter().enumerate() {
        let mark = if index == 0 { '?' } else { '&' };
        url.push_str(&format!("{mark}{name}={}", utf8_percent_encode(value, IN_PARTS)));
    }
    Url { url, kind, secret: !password.is_empty() }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::translation::tests::translated;

    #[test]
    fn urls() {
        for (database, url, feature) in [
            (
                json!({"ENGINE": "django.db.backends.sqlite3", "NAME": "/srv/a b?%.sqlite3"}),
                "sqlite:////srv/a b%3F%25.sqlite3",
                None,
            ),
            (
                json!({"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3", "OPTIONS": {"timeout": 2.5}}),
                "sqlite:////srv/django/db.sqlite3?timeout=3",
                None,
            ),
            (
                json!({"ENGINE": "django.db.backends.postgresql", "NAME": "site", "USER": "me", "HOST": "db", "PORT": 5433, "OPTIONS": {"sslmode": "require"}}),
                "postgres://me@db:5433/site?sslmode=require",
                Some("postgres"),
            ),
            (
                json!({"ENGINE": "django.contrib.gis.db.backends.postgis", "NAME": "site", "HOST": "/run/pg"}),
                "postgres://localhost/site?host=%2Frun%2Fpg",
                Some("postgres"),
            ),
            (
                json!({"ENGINE": "django.db.backends.postgresql", "NAME": "my site", "USER": "me", "PORT": "1", "HOST": ""}),
                "postgres:///my%20site?user=me&port=1",
                Some("postgres"),
            ),
            (
                json!({"ENGINE": "django.db.backends.mysql", "NAME": "a/b", "HOST": "::1"}),
                "mysql://[::1]/a%2Fb",
                Some("mysql"),
            ),
        ] {
            let shared = translated(json!({"DATABASES": {"default": database}}));
            assert!(
                shared.settings.contains(&format!("DATABASE_URL = \"{url}\"\n")),
                "{url}: {}",
                shared.settings
            );
            assert_eq!(shared.features.first().copied(), feature);
        }
    }

    #[test]
    fn passwords_stay_out_of_the_sources() {
        let shared = translated(json!({"DATABASES": {"default": {
            "ENGINE": "django.db.backends.postgresql", "NAME": "site", "USER": "me", "PASSWORD": "p@ss/w:rd", "HOST": "", "PORT": 1,
        }}}));
        assert!(
            !shared.settings.contains("p@ss") && !shared.settings.contains("p%40ss"),
            "{}",
            shared.settings
        );
        assert!(
            shared.variables.contains("DATABASE_URL=postgres://me:p%40ss%2Fw%3Ard@localhost:1/site\n"),
            "{}",
            shared.variables
        );
    }

    #[test]
    fn sockets() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(".s.PGSQL.1"), "").unwrap();
        let folders = ["/nowhere", folder.path().to_str().unwrap()];
        assert_eq!(super::socket_folder(&folders, "1"), Some(folders[1]));
        assert_eq!(super::socket_folder(&folders, "2"), None);
    }

    #[test]
    fn what_cannot_be_shared() {
        let left = |databases: Value| {
            translated(json!({"DATABASES": databases}))
                .left
                .into_iter()
                .map(|(name, _)| name)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            left(json!({"default": {"ENGINE": "django.db.backends.oracle", "NAME": "x"}})),
            ["DATABASES default"]
        );
        assert_eq!(
            left(json!({"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}})),
            ["DATABASES default"]
        );
        let others = json!({
            "default": {"ENGINE": "django.db.backends.postgresql", "NAME": "x", "OPTIONS": {"pool": true}},
            "replica": {"ENGINE": "django.db.backends.postgresql", "NAME": "x"},
        });
        assert_eq!(left(others), ["DATABASES replica", "DATABASES default OPTIONS pool"]);
        let told = json!({"default": {
            "ENGINE": "django.db.backends.mysql", "NAME": "x", "ATOMIC_REQUESTS": true, "TIME_ZONE": "Europe/Paris",
            "OPTIONS": {"charset": "utf8mb4", "sql_mode": "ANSI_QUOTES"},
        }});
        assert_eq!(
            left(told),
            [
                "DATABASES default ATOMIC_REQUESTS",
                "DATABASES default TIME_ZONE",
                "DATABASES default OPTIONS sql_mode",
            ]
        );
    }
}
