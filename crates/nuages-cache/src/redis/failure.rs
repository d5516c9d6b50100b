use redis::{ErrorKind, RedisError, ServerError};

use crate::error::{CacheError, CacheErrorKind};

/// A request that failed, and what is known about whether the server has seen it.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) stage: Stage,
    kind: CacheErrorKind,
    message: &'static str,
    /// A word of the protocol or of the operating system: never a key, a value, an address or a password.
    detail: Option<String>,
}

/// How far a failed request came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// It never left: whatever it is, it can be sent again.
    Unsent,
    /// The connection broke after it was sent: it may have been carried out.
    Lost,
    /// No answer in time: it may have been carried out, or be so later.
    Late,
    /// The server refused it and did nothing.
    Refused(Refusal),
}

/// Why a server carried out nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The slot lives on another node of the Cluster (its address, host and port).
    Moved(String, u16),
    /// This key has gone ahead to another node while its slot moves.
    Ask(String, u16),
    /// The node cannot serve now, but will, or another one will.
    Passing,
    /// The server has become a replica.
    ReadOnly,
    /// The server does not know the script of this digest.
    NoScript,
    /// Anything else: sending it again does not help.
    Final,
}

impl Failure {
    pub(super) fn new(stage: Stage, kind: CacheErrorKind, message: &'static str) -> Failure {
        Failure { stage, kind, message, detail: None }
    }

    pub(super) fn unavailable(stage: Stage, message: &'static str) -> Failure {
        Failure::new(stage, CacheErrorKind::Unavailable, message)
    }

    pub(super) fn late(stage: Stage) -> Failure {
        Failure::new(
            stage,
            CacheErrorKind::TimedOut,
            "Redis did not answer in time; look at its load, or raise socket_timeout",
        )
    }

    /// What is no answer to the request that was made.
    pub(super) fn unexpected() -> Failure {
        Failure::new(
            Stage::Refused(Refusal::Final),
            CacheErrorKind::Other,
            "Redis gave an answer that does not belong to the request; check what listens at LOCATION",
        )
    }

    /// The same failure of a request that waited for this and never left.
    pub(super) fn unsent(mut self) -> Failure {
        self.stage = Stage::Unsent;
        self
    }

    pub(super) fn with_detail(mut self, detail: impl Into<String>) -> Failure {
        self.detail = Some(detail.into());
        self
    }

    /// What the redis crate says about a connection: while it was made (`Stage::Unsent`) or used.
    pub(super) fn from_connection(error: &RedisError, stage: Stage) -> Failure {
        let io = std::error::Error::source(error)
            .and_then(|source| source.downcast_ref::<std::io::Error>())
            .map(|error| error.kind().to_string());
        let failure = match error.kind() {
            ErrorKind::AuthenticationFailed => {
                Failure::unavailable(stage, "Redis refuses the user or password; correct LOCATION")
            }
            ErrorKind::Server(_) | ErrorKind::Extension => {
                // A connection that could not be set up has not carried a request.
                let failure = Failure::from_code(error.code().unwrap_or_default(), error.detail());
                return if stage == Stage::Unsent { failure.unsent() } else { failure };
            }
            ErrorKind::Io if error.is_connection_refusal() => Failure::unavailable(
                stage,
                "nothing listens where Redis should be; start it or correct LOCATION",
            ),
            ErrorKind::Io if stage == Stage::Unsent => Failure::unavailable(
                stage,
                "Redis cannot be reached; check LOCATION, the network and certificates",
            ),
            ErrorKind::Io => Failure::unavailable(stage, "the connection to Redis was lost"),
            ErrorKind::Parse => Failure::unavailable(
                stage,
                "what answers in Redis's place does not speak its protocol; correct LOCATION",
            ),
            ErrorKind::InvalidClientConfig => Failure::new(
                stage,
                CacheErrorKind::InvalidBackend,
                "the address of Redis cannot be used; correct LOCATION and its certificates",
            ),
            _ => Failure::unavailable(stage, "Redis cannot be used"),
        };
        match io {
            Some(io) => failure.with_detail(io),
            None => failure,
        }
    }

    /// What a server answered in place of a result.
    pub(super) fn from_server(error: &ServerError) -> Failure {
        Failure::from_code(error.code(), error.details())
    }

    fn from_code(code: &str, details: Option<&str>) -> Failure {
        use CacheErrorKind::{InvalidBackend, NotAnInteger, Other, Unavailable};
        let details = details.unwrap_or_default();
        let (refusal, kind, message) = match code {
            "MOVED" | "ASK" => (
                redirect(code, details),
                InvalidBackend,
                "this Redis is one node of a Cluster; name it by redis+cluster:// in LOCATION",
            ),
            "CLUSTERDOWN" => {
                (Refusal::Passing, Unavailable, "the Redis Cluster is down; bring its missing masters back")
            }
            "TRYAGAIN" => (Refusal::Passing, Unavailable, "the Redis Cluster is moving the keys; try again"),
            "MASTERDOWN" => (Refusal::Passing, Unavailable, "the Redis replica has lost its master"),
            "LOADING" => (Refusal::Passing, Unavailable, "Redis is still loading its data; try again"),
            "BUSY" => (Refusal::Final, Unavailable, "Redis is busy with somebody's script"),
            "READONLY" => {
                (Refusal::ReadOnly, Unavailable, "this Redis is a replica; name its master first in LOCATION")
            }
            "NOREPLICAS" => (Refusal::Final, Unavailable, "Redis has too few replicas to accept writes"),
            "MISCONF" => {
                (Refusal::Final, Unavailable, "Redis cannot write its data to disk and accepts no writes")
            }
            "OOM" => (
                Refusal::Final,
                Unavailable,
                "Redis is out of memory; raise maxmemory or let it evict (maxmemory-policy)",
            ),
            "NOSCRIPT" => (Refusal::NoScript, Other, "Redis does not know a script that it was just given"),
            "NOAUTH" | "WRONGPASS" => {
                (Refusal::Final, Unavailable, "Redis refuses the user or password; correct LOCATION")
            }
            "NOPERM" => {
                (Refusal::Final, Unavailable, "Redis does not permit this user the command; see ACL SETUSER")
            }
            "WRONGTYPE" => {
                (Refusal::Final, Other, "another program keeps something else than a value under this key")
            }
            "ERR" if details.contains("not an integer") || details.contains("overflow") => (
                Refusal::Final,
                NotAnInteger,
                "the cached value is no integer, or the sum is none of 64 bits",
            ),
            "ERR" if details.contains("max number of clients") => {
                (Refusal::Final, Unavailable, "Redis has too many clients; raise maxclients")
            }
            "ERR" if details.contains("DB index") => {
                (Refusal::Final, InvalidBackend, "Redis has no database of this number; correct LOCATION")
            }
            _ => (Refusal::Final, Other, "Redis refused a command"),
        };
        let failure = Failure::new(Stage::Refused(refusal), kind, message);
        // A code is upper case by convention; anything else could be part of somebody's data.
        if code.bytes().all(|byte| byte.is_ascii_uppercase()) { failure.with_detail(code) } else { failure }
    }
}

/// `<slot> <host>:<port>`; without a host, the one that answered, which the caller knows.
fn redirect(code: &str, details: &str) -> Refusal {
    let target = details.split_ascii_whitespace().nth(1).and_then(|address| address.rsplit_once(':'));
    let Some((host, port)) = target else { return Refusal::Final };
    let Ok(port) = port.parse() else { return Refusal::Final };
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    if code == "MOVED" { Refusal::Moved(host, port) } else { Refusal::Ask(host, port) }
}

impl From<Failure> for CacheError {
    fn from(failure: Failure) -> CacheError {
        let error = CacheError::new(failure.kind, failure.message);
        match failure.detail {
            Some(detail) => error.with_source(detail),
            None => error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes() {
        use CacheErrorKind::{InvalidBackend, NotAnInteger, Other, Unavailable};
        let moved = Refusal::Moved("10.0.0.1".to_owned(), 7001);
        for (code, details, refusal, kind) in [
            ("MOVED", "3999 10.0.0.1:7001", moved, InvalidBackend),
            ("ASK", "3999 ::1:7001", Refusal::Ask("::1".to_owned(), 7001), InvalidBackend),
            ("MOVED", "3999 :7001", Refusal::Moved(String::new(), 7001), InvalidBackend),
            ("MOVED", "nonsense", Refusal::Final, InvalidBackend),
            ("MOVED", "1 a:99999", Refusal::Final, InvalidBackend),
            ("READONLY", "You can't write against a read only replica.", Refusal::ReadOnly, Unavailable),
            ("LOADING", "Redis is loading the dataset in memory", Refusal::Passing, Unavailable),
            ("OOM", "command not allowed when used memory > 'maxmemory'.", Refusal::Final, Unavailable),
            ("CLUSTERDOWN", "The cluster is down", Refusal::Passing, Unavailable),
            ("NOSCRIPT", "No matching script.", Refusal::NoScript, Other),
            ("ERR", "value is not an integer or out of range", Refusal::Final, NotAnInteger),
            ("ERR", "unknown command 'GET', with args beginning with: 'hunter2'", Refusal::Final, Other),
            ("hunter2", "hunter2", Refusal::Final, Other),
        ] {
            let failure = Failure::from_code(code, Some(details));
            assert_eq!(failure.stage, Stage::Refused(refusal), "{code} {details}");
            let error = CacheError::from(failure);
            assert_eq!(error.kind(), kind, "{code}");
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
        }
    }
}
