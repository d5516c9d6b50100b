//! `request.META`: the request as CGI variables.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use http::Version;

use super::head::{Head, Peer};

/// The request as CGI variables (`HttpRequest.META`): `REMOTE_ADDR`, `QUERY_STRING`, `HTTP_USER_AGENT`, …
///
/// It is a view of the request, made of nothing until it is asked.
///
/// ```
/// use nuages_http::HttpRequest;
///
/// let request = HttpRequest::test("GET", "/page/?q=1").header("User-Agent", "curl/8").build();
/// assert_eq!(request.META.get("QUERY_STRING").as_deref(), Some("q=1"));
/// assert_eq!(request.META.get("HTTP_USER_AGENT").as_deref(), Some("curl/8"));
/// assert_eq!(request.META.get("SHELL"), None, "the environment of the process is none of it");
/// ```
#[derive(Clone)]
pub struct Meta {
    head: Arc<Head>,
}

impl Meta {
    pub(crate) fn new(head: Arc<Head>) -> Self {
        Self { head }
    }

    pub(crate) fn head(&self) -> &Head {
        &self.head
    }

    /// The variable of this name.
    ///
    /// Known are `REQUEST_METHOD`, `QUERY_STRING`, `SCRIPT_NAME`, `SERVER_PROTOCOL`, `SERVER_NAME`, `SERVER_PORT`,
    /// `REMOTE_ADDR`, `REMOTE_PORT`, `CONTENT_TYPE`, `CONTENT_LENGTH`, and `HTTP_…` for every header.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Cow<'_, str>> {
        let head = &*self.head;
        if let Some(header) = name.strip_prefix("HTTP_") {
            // A name sent with an underscore stays out of reach, as it has no hyphen.
            return match header {
                "CONTENT_TYPE" | "CONTENT_LENGTH" => None,
                _ if header.contains('-') => None,
                _ => head.header(header.replace('_', "-")),
            };
        }
        match name {
            "REQUEST_METHOD" => Some(head.method.as_str().into()),
            "QUERY_STRING" => Some(head.query_string()),
            "SCRIPT_NAME" => Some("".into()),
            "SERVER_PROTOCOL" => Some(
                match head.version {
                    Version::HTTP_10 => "HTTP/1.0",
                    Version::HTTP_2 => "HTTP/2.0",
                    _ => "HTTP/1.1",
                }
                .into(),
            ),
            "CONTENT_TYPE" => head.header("content-type"),
            "CONTENT_LENGTH" => head.header("content-length"),
            _ => match (name, &head.peer) {
                ("REMOTE_ADDR", Peer::Tcp { remote, .. }) => {
                    Some(remote.ip().to_canonical().to_string().into())
                }
                ("REMOTE_PORT", Peer::Tcp { remote, .. }) => Some(remote.port().to_string().into()),
                ("SERVER_NAME", Peer::Tcp { local, .. }) => {
                    Some(local.ip().to_canonical().to_string().into())
                }
                ("SERVER_PORT", Peer::Tcp { local, .. }) => Some(local.port().to_string().into()),
                ("REMOTE_ADDR" | "SERVER_NAME" | "SERVER_PORT", Peer::Unix | Peer::Unknown) => {
                    Some("".into())
                }
                _ => None,
            },
        }
    }

    /// Who sent the request.
    #[must_use]
    pub fn peer(&self) -> &Peer {
        &self.head.peer
    }
}

impl fmt::Debug for Meta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meta").field("peer", &self.head.peer).finish_non_exhaustive()
    }
}
