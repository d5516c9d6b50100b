//! The parsed head of a request, as it came, shared by the lazy parts of the request.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use http::header::{AsHeaderName, HeaderMap};
use http::{Method, Uri, Version};

use crate::site::Site;

/// Who sent a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    /// A TCP connection.
    Tcp {
        /// The client's address.
        remote: SocketAddr,
        /// The server's address.
        local: SocketAddr,
    },
    /// A unix socket.
    Unix,
    /// Nobody said: no forwarded header counts, and the peer is not taken for this machine.
    Unknown,
}

pub(crate) struct Head {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) version: Version,
    pub(crate) headers: HeaderMap,
    pub(crate) extensions: http::Extensions,
    pub(crate) peer: Peer,
    pub(crate) site: Arc<Site>,
    /// Has an empty GET been read in place of one that could not be taken?
    pub(crate) query_failed: AtomicBool,
}

impl Head {
    /// A header as text: Latin-1, one character a byte; repeated ones joined by a comma.
    pub(crate) fn header(&self, name: impl AsHeaderName) -> Option<std::borrow::Cow<'_, str>> {
        let mut values = self.headers.get_all(name).iter();
        let first = values.next()?;
        let first = first.to_str().map_or_else(|_| latin1(first.as_bytes()), Into::into);
        let Some(second) = values.next() else { return Some(first) };
        let mut joined = first.into_owned();
        for value in std::iter::once(second).chain(values) {
            joined.push(',');
            joined.push_str(&latin1(value.as_bytes()));
        }
        Some(joined.into())
    }

    pub(crate) fn query(&self) -> &str {
        self.uri.query().unwrap_or("")
    }

    /// `QUERY_STRING`: Latin-1 text like all of META, one character a byte, whatever the bytes mean.
    pub(crate) fn query_string(&self) -> std::borrow::Cow<'_, str> {
        latin1(self.query().as_bytes())
    }

    /// Do X-Forwarded-… headers of this request count?
    pub(crate) fn is_forwarded(&self) -> bool {
        self.site.trusted_proxies().trusts(&self.peer)
    }
}

/// Each byte as the character of its number; ASCII is borrowed.
pub(crate) fn latin1(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    match bytes.is_ascii().then(|| std::str::from_utf8(bytes)) {
        Some(Ok(text)) => text.into(),
        _ => bytes.iter().map(|byte| char::from(*byte)).collect::<String>().into(),
    }
}
