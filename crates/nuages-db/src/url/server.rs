//! The part of a URL that names a database server.

use std::fmt;
use std::time::Duration;

use super::{invalid, seconds};
use crate::error::DbError;
use crate::sql::Dialect;

/// How a pool behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Connections open at once.
    pub(crate) connections: u32,
    /// How long a connection may lie unused.
    pub(crate) idle: Duration,
    /// How old a connection may grow.
    pub(crate) lifetime: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { connections: 10, idle: Duration::from_secs(10 * 60), lifetime: Duration::from_secs(30 * 60) }
    }
}

pub(crate) struct ServerUrl {
    pub(crate) dialect: Dialect,
    /// What the driver reads: without the options that are ours. Holds the password.
    pub(crate) connect: String,
    pub(crate) limits: Limits,
}

impl fmt::Debug for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerUrl")
            .field("dialect", &self.dialect)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl ServerUrl {
    pub(super) fn parse(
        dialect: Dialect,
        place: &str,
        options: &[(&str, &str)],
    ) -> Result<ServerUrl, DbError> {
        let Some(place) = place.strip_prefix("//") else {
            return Err(invalid(
                "the URL of a database server reads kind://user:password@host:port/database",
            ));
        };
        if place.contains('#') || options.iter().any(|(_, value)| value.contains('#')) {
            return Err(invalid("write a # in a database URL as %23"));
        }
        let (known, scheme) = driver(dialect);
        let (mut limits, mut kept, mut named) = (Limits::default(), Vec::new(), false);
        for (name, value) in options {
            match *name {
                "max_connections" => limits.connections = connections(value)?,
                "idle_timeout" => limits.idle = seconds("idle_timeout", value)?,
                "max_lifetime" => limits.lifetime = seconds("max_lifetime", value)?,
                name if known.contains(&name) => {
                    named |= name == "dbname";
                    kept.push(format!("{name}={value}"));
                }
                _ => {
                    return Err(invalid(format!(
                        "an option of the database URL is not known; it takes timeout, max_connections, idle_timeout, max_lifetime, {}",
                        known.join(", ")
                    )));
                }
            }
        }
        let database = place.rsplit_once('@').map_or(place, |(_, rest)| rest).split_once('/');
        if !named && database.is_none_or(|(_, name)| name.is_empty()) {
            return Err(invalid(
                "the URL of a database server names a database: kind://user:password@host:port/database",
            ));
        }
        let mut connect = format!("{scheme}://{place}");
        if !kept.is_empty() {
            connect.push('?');
            connect.push_str(&kept.join("&"));
        }
        Ok(ServerUrl { dialect, connect, limits })
    }
}

/// The options that the driver knows, and its name for itself.
fn driver(dialect: Dialect) -> (&'static [&'static str], &'static str) {
    match dialect {
        #[cfg(feature = "postgres")]
        Dialect::Postgres => (
            &[
                "sslmode",
                "sslrootcert",
                "sslcert",
                "sslkey",
                "host",
                "hostaddr",
                "port",
                "dbname",
                "user",
                "application_name",
                "options",
                "statement-cache-capacity",
            ],
            "postgres",
        ),
        #[cfg(feature = "mysql")]
        Dialect::MySql => {
            (&["ssl-mode", "ssl-ca", "ssl-cert", "ssl-key", "socket", "statement-cache-capacity"], "mysql")
        }
        #[cfg(feature = "sqlite")]
        Dialect::Sqlite => (&[], "sqlite"),
    }
}

fn connections(value: &str) -> Result<u32, DbError> {
    value.parse().ok().filter(|count| (1..=10_000).contains(count)).ok_or_else(|| {
        invalid("max_connections in a database URL is a number from 1 to 10000, such as max_connections=10")
    })
}
