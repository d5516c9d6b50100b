use std::path::PathBuf;

use crate::error::{CacheError, CacheErrorKind};

const PORT: u16 = 11211;

/// Where a memcached listens.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Place {
    Tcp(String, u16),
    Unix(PathBuf),
}

/// A memcached as a LOCATION names it.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) place: Place,
    /// Its name in pymemcache, by which keys are given to servers.
    pub(super) name: String,
}

impl Server {
    /// Reads `host`, `host:port`, `[address]:port`, `/path` or `unix:/path`, as pymemcache does.
    pub(super) fn parse(text: &str) -> Result<Server, CacheError> {
        if let Some(path) = text.strip_prefix("unix:").or(text.starts_with('/').then_some(text)) {
            if !path.starts_with('/') {
                return Err(invalid("the path of a memcached socket starts with a slash"));
            }
            return Ok(Server { place: Place::Unix(PathBuf::from(path)), name: path.to_owned() });
        }
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) if !text.ends_with(']') => {
                (host, port.parse().map_err(|_| invalid("the port of a memcached is a number up to 65535"))?)
            }
            _ => (text, PORT),
        };
        let host = match host.strip_prefix('[') {
            Some(host) => host.trim_end_matches(']'),
            None => host,
        };
        if host.is_empty() || host.contains(['/', '@']) {
            return Err(invalid("a memcached is named host:port, or by the path of its socket"));
        }
        Ok(Server { place: Place::Tcp(host.to_owned(), port), name: format!("{host}:{port}") })
    }
}

fn invalid(message: &str) -> CacheError {
    CacheError::new(CacheErrorKind::InvalidBackend, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Vector {
        servers: Vec<String>,
        nodes: Vec<String>,
    }

    #[test]
    fn named_as_in_pymemcache() {
        let text = include_str!("../../tests/vectors/rendezvous.json");
        for vector in serde_json::from_str::<Vec<Vector>>(text).unwrap() {
            let names: Vec<String> =
                vector.servers.iter().map(|server| Server::parse(server).unwrap().name).collect();
            // Two names of one server are one node.
            for (server, name) in vector.servers.iter().zip(&names) {
                assert!(vector.nodes.contains(name), "{server}");
            }
        }
    }

    #[test]
    fn refused() {
        for text in ["", ":1", "a:b", "a:70000", "unix:relative", "user@host", "a/b"] {
            let Err(error) = Server::parse(text) else { panic!("{text}") };
            assert_eq!(error.kind(), CacheErrorKind::InvalidBackend, "{text}");
        }
    }
}
