//! A LOCATION: which server, and how to get there.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use percent_encoding::percent_decode_str;

use super::endpoint::{Certificates, Endpoint, Login, Place};
use crate::error::{CacheError, CacheErrorKind};

const PORT: u16 = 6379;
const SENTINEL_PORT: u16 = 26379;

/// What a URL names.
#[derive(Clone)]
pub(super) enum Address {
    Server(Endpoint),
    Sentinel {
        sentinels: Vec<Endpoint>,
        service: String,
        /// The server that the sentinels name, but for its place.
        server: Endpoint,
    },
    Cluster(Vec<Endpoint>),
}

/// A URL that was read.
pub(super) struct Location {
    pub(super) address: Address,
    pub(super) socket_timeout: Option<Duration>,
    pub(super) connect_timeout: Option<Duration>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Server,
    Unix,
    Sentinel,
    Cluster,
}

/// Reads a URL as redis-py does, and those of Sentinel and Cluster. The options of the URL go before `more`.
pub(super) fn parse<'a>(
    url: &str,
    more: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Result<Location, CacheError> {
    let (scheme, rest) = url
        .split_once("://")
        .ok_or_else(|| invalid("the LOCATION of a Redis starts with its kind, such as redis://"))?;
    let (kind, encrypted) = match scheme.to_ascii_lowercase().as_str() {
        "redis" => (Kind::Server, false),
        "rediss" => (Kind::Server, true),
        "unix" | "redis+unix" => (Kind::Unix, false),
        "redis+sentinel" => (Kind::Sentinel, false),
        "rediss+sentinel" => (Kind::Sentinel, true),
        "redis+cluster" => (Kind::Cluster, false),
        "rediss+cluster" => (Kind::Cluster, true),
        _ => {
            return Err(invalid(
                "this kind of Redis is not known; there are redis://, rediss://, redis+unix://, redis+sentinel:// and redis+cluster://",
            ));
        }
    };
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let options = Options::parse(query, more)?;
    let (authority, path) = match rest.find('/') {
        Some(slash) => rest.split_at(slash),
        None => (rest, ""),
    };
    let (user, hosts) = authority.rsplit_once('@').unwrap_or(("", authority));
    let login = login(user, &options)?;
    let tls = encrypted.then(|| options.certificates()).transpose()?.map(Arc::new);
    let endpoint = |place, login: &Arc<Login>| Endpoint { place, login: Arc::clone(login), tls: tls.clone() };
    let mut names = path.split('/').filter(|name| !name.is_empty());
    let address = match kind {
        Kind::Unix => {
            if !hosts.is_empty() || path.is_empty() {
                return Err(invalid(
                    "the path of a Redis socket follows three slashes: redis+unix:///run/redis.sock",
                ));
            }
            let login = Arc::new(Login { database: options.database.unwrap_or(0), ..login });
            Address::Server(endpoint(Place::Unix(PathBuf::from(decode(path)?)), &login))
        }
        Kind::Server => {
            let login = Arc::new(Login { database: database(names.next(), &options)?, ..login });
            let mut places = places(hosts, PORT)?;
            match (places.pop(), places.pop()) {
                (Some(place), None) => Address::Server(endpoint(place, &login)),
                _ => {
                    return Err(invalid(
                        "a redis:// URL names one server; give several as several LOCATIONs",
                    ));
                }
            }
        }
        Kind::Sentinel => {
            let service = names.next().map(decode).transpose()?.ok_or_else(|| {
                invalid("a redis+sentinel:// URL ends with the name of the service, such as /mymaster")
            })?;
            let login = Arc::new(Login { database: database(names.next(), &options)?, ..login });
            let watching = Arc::new(Login {
                username: options.sentinel_username.clone(),
                password: options.sentinel_password.clone(),
                database: 0,
            });
            let places = places(hosts, SENTINEL_PORT)?;
            Address::Sentinel {
                sentinels: places.into_iter().map(|place| endpoint(place, &watching)).collect(),
                service,
                server: endpoint(Place::Tcp(String::new(), PORT), &login),
            }
        }
        Kind::Cluster => {
            if database(names.next(), &options)? != 0 {
                return Err(invalid("a Redis Cluster has no databases but 0"));
            }
            let login = Arc::new(login);
            Address::Cluster(places(hosts, PORT)?.into_iter().map(|place| endpoint(place, &login)).collect())
        }
    };
    if kind != Kind::Unix && names.next().is_some() {
        return Err(invalid("the LOCATION of this Redis has too many slashes"));
    }
    Ok(Location { address, socket_timeout: options.socket_timeout, connect_timeout: options.connect_timeout })
}

fn login(user: &str, options: &Options) -> Result<Login, CacheError> {
    let (username, password) = match user.split_once(':') {
        Some((username, password)) => (username, Some(decode(password)?)),
        None => (user, None),
    };
    let username = Some(decode(username)?).filter(|username| !username.is_empty());
    Ok(Login {
        username: options.username.clone().or(username),
        password: options.password.clone().or(password),
        database: 0,
    })
}

/// redis-py's rule: the option `db` goes before the path.
fn database(path: Option<&str>, options: &Options) -> Result<i64, CacheError> {
    match (options.database, path) {
        (Some(database), _) => Ok(database),
        (None, None) => Ok(0),
        (None, Some(path)) => number(path),
    }
}

fn places(hosts: &str, port: u16) -> Result<Vec<Place>, CacheError> {
    hosts.split(',').map(|host| place(host, port)).collect()
}

fn place(host: &str, port: u16) -> Result<Place, CacheError> {
    let (name, given) = match host.strip_prefix('[') {
        Some(rest) => {
            let (name, given) =
                rest.split_once(']').ok_or_else(|| invalid("an IPv6 address of a Redis ends with ]"))?;
            (name, given.strip_prefix(':').or(if given.is_empty() { None } else { Some("?") }))
        }
        None => match host.split_once(':') {
            Some((name, given)) => (name, Some(given)),
            None => (host, None),
        },
    };
    let port = match given {
        Some(given) => given.parse().map_err(|_| invalid("the port of a Redis is a number up to 65535"))?,
        None => port,
    };
    // redis-py's default too.
    let name = if name.is_empty() { "localhost".to_owned() } else { decode(name)? };
    Ok(Place::Tcp(name, port))
}

/// What stands behind the `?`, under redis-py's names.
#[derive(Default)]
struct Options {
    database: Option<i64>,
    username: Option<String>,
    password: Option<String>,
    sentinel_username: Option<String>,
    sentinel_password: Option<String>,
    socket_timeout: Option<Duration>,
    connect_timeout: Option<Duration>,
    authorities: Option<String>,
    certificate: Option<String>,
    key: Option<String>,
}

impl Options {
    fn parse<'a>(
        query: &str,
        more: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Options, CacheError> {
        let mut options = Options::default();
        for (name, value) in more {
            options.set(name, value.to_owned())?;
        }
        for option in query.split('&').filter(|option| !option.is_empty()) {
            let (name, value) = option.split_once('=').unwrap_or((option, ""));
            options.set(name, decode(value)?)?;
        }
        Ok(options)
    }

    fn set(&mut self, name: &str, value: String) -> Result<(), CacheError> {
        match name {
            "db" => self.database = Some(number(&value)?),
            "username" => self.username = Some(value),
            "password" => self.password = Some(value),
            "sentinel_username" => self.sentinel_username = Some(value),
            "sentinel_password" => self.sentinel_password = Some(value),
            "socket_timeout" => self.socket_timeout = Some(seconds(&value)?),
            "socket_connect_timeout" => self.connect_timeout = Some(seconds(&value)?),
            "ssl_ca_certs" => self.authorities = Some(value),
            "ssl_certfile" => self.certificate = Some(value),
            "ssl_keyfile" => self.key = Some(value),
            "ssl_cert_reqs" if value == "required" => {}
            "ssl_check_hostname" if value.eq_ignore_ascii_case("true") => {}
            "ssl_cert_reqs" | "ssl_check_hostname" => {
                return Err(invalid(
                    "the certificate of a Redis is always checked; name who signed it with ssl_ca_certs",
                ));
            }
            _ => {
                return Err(invalid(
                    "an option of a Redis is not known; there are db, username, password, socket_timeout, \
                     socket_connect_timeout, ssl_ca_certs, ssl_certfile, ssl_keyfile, sentinel_username and \
                     sentinel_password",
                ));
            }
        }
        Ok(())
    }

    fn certificates(&self) -> Result<Certificates, CacheError> {
        let own = match (&self.certificate, &self.key) {
            (Some(certificate), Some(key)) => Some((read(certificate)?, read(key)?)),
            (None, None) => None,
            _ => return Err(invalid("ssl_certfile and ssl_keyfile are given together")),
        };
        Ok(Certificates { authorities: self.authorities.as_deref().map(read).transpose()?, own })
    }
}

fn read(path: &str) -> Result<Vec<u8>, CacheError> {
    std::fs::read(path).map_err(|error| {
        invalid(
            "a certificate file of a Redis cannot be read; correct ssl_ca_certs, ssl_certfile or ssl_keyfile",
        )
        .with_source(error)
    })
}

fn decode(text: &str) -> Result<String, CacheError> {
    percent_decode_str(text)
        .decode_utf8()
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| invalid("the LOCATION of a Redis has percent escapes that are not UTF-8"))
}

fn number(text: &str) -> Result<i64, CacheError> {
    text.parse()
        .ok()
        .filter(|number| *number >= 0)
        .ok_or_else(|| invalid("the database of a Redis is a number, 0 or more"))
}

fn seconds(text: &str) -> Result<Duration, CacheError> {
    text.parse()
        .ok()
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .filter(|duration| !duration.is_zero())
        .ok_or_else(|| invalid("socket_timeout and socket_connect_timeout are seconds, more than 0"))
}

fn invalid(message: &str) -> CacheError {
    CacheError::new(CacheErrorKind::InvalidBackend, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(url: &str) -> Endpoint {
        match parse(url, []).unwrap().address {
            Address::Server(endpoint) => endpoint,
            _ => panic!("{url}"),
        }
    }

    #[test]
    fn servers() {
        for (url, host, port, username, password, database) in [
            ("redis://", "localhost", 6379, None, None, 0),
            ("redis://h", "h", 6379, None, None, 0),
            ("REDIS://h:1/", "h", 1, None, None, 0),
            ("redis://:p%40w@h:1/3", "h", 1, None, Some("p@w"), 3),
            ("redis://u:p@q@h/3?db=4", "h", 6379, Some("u"), Some("p@q"), 4),
            ("rediss://u@[::1]:7", "::1", 7, Some("u"), None, 0),
            ("redis://h?username=a&password=b&socket_timeout=0.5", "h", 6379, Some("a"), Some("b"), 0),
        ] {
            let endpoint = endpoint(url);
            assert_eq!(endpoint.place, Place::Tcp(host.to_owned(), port), "{url}");
            assert_eq!(endpoint.login.username.as_deref(), username, "{url}");
            assert_eq!(endpoint.login.password.as_deref(), password, "{url}");
            assert_eq!(endpoint.login.database, database, "{url}");
            assert_eq!(endpoint.tls.is_some(), url.starts_with("rediss"), "{url}");
        }
        let unix = endpoint("redis+unix://u:p@/run/a%20b.sock?db=2");
        assert_eq!(unix.place, Place::Unix(PathBuf::from("/run/a b.sock")));
        assert_eq!((unix.login.password.as_deref(), unix.login.database), (Some("p"), 2));
        let location = parse("redis://h?socket_timeout=0.5&socket_connect_timeout=3", []).unwrap();
        assert_eq!(location.socket_timeout, Some(Duration::from_millis(500)));
        assert_eq!(location.connect_timeout, Some(Duration::from_secs(3)));
    }

    #[test]
    fn sentinels_and_clusters() {
        let url = "redis+sentinel://u:p@a,b:2/mymaster/5?sentinel_password=s";
        let Address::Sentinel { sentinels, service, server } = parse(url, []).unwrap().address else {
            panic!()
        };
        assert_eq!(sentinels[0].place, Place::Tcp("a".to_owned(), 26379));
        assert_eq!(sentinels[1].place, Place::Tcp("b".to_owned(), 2));
        assert_eq!(sentinels[0].login.password.as_deref(), Some("s"));
        assert_eq!((service.as_str(), server.login.database), ("mymaster", 5));
        assert_eq!(server.login.password.as_deref(), Some("p"));
        let Address::Cluster(nodes) = parse("redis+cluster://:p@a:1,b:2,c", []).unwrap().address else {
            panic!()
        };
        assert_eq!(nodes.len(), 3);
        assert_eq!(nodes[2].place, Place::Tcp("c".to_owned(), 6379));
        assert_eq!(nodes[2].login.password.as_deref(), Some("p"));
    }

    #[test]
    fn refused_without_showing_a_password() {
        for url in [
            "hunter2",
            "http://h",
            "redis://a,b?password=hunter2",
            "redis://:hunter2@h:x",
            "redis://:hunter2@[::1",
            "redis://:hunter2@[::1]x",
            "redis://:hunter2@h:70000",
            "redis://:hunter2@h/x",
            "redis://:hunter2@h/-1",
            "redis://:hunter2@h/1/2",
            "redis://:hunter2%ff@h",
            "redis://h?hunter2=1",
            "redis://h?socket_timeout=hunter2",
            "redis://h?socket_timeout=0",
            "redis://h?socket_timeout=nan",
            "rediss://h?ssl_cert_reqs=none&password=hunter2",
            "rediss://h?ssl_ca_certs=/no/such/file",
            "rediss://h?ssl_certfile=/hunter2",
            "redis+unix://hunter2",
            "redis+unix://hunter2/path",
            "redis+sentinel://:hunter2@h",
            "redis+cluster://:hunter2@h/1",
        ] {
            let Err(error) = parse(url, []) else { panic!("{url}") };
            assert_eq!(error.kind(), CacheErrorKind::InvalidBackend, "{url}");
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{url}");
        }
    }
}
