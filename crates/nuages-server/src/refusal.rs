//! The answers that the server gives itself.

use http::StatusCode;

/// An answer given before the application runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    MissingHost,
    ManyHosts,
    MalformedHost,
    HostMismatch,
    MalformedTarget,
    LongTarget,
    ManyHeaders,
    LargeBody,
    Connect,
    SlowHeader,
    Busy,
    /// `OPTIONS *` asks about the server, not about a page.
    ServerOptions,
}

impl Refusal {
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::MissingHost
            | Self::ManyHosts
            | Self::MalformedHost
            | Self::HostMismatch
            | Self::MalformedTarget => StatusCode::BAD_REQUEST,
            Self::LongTarget => StatusCode::URI_TOO_LONG,
            Self::ManyHeaders => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::LargeBody => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Connect => StatusCode::NOT_IMPLEMENTED,
            Self::SlowHeader => StatusCode::REQUEST_TIMEOUT,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::ServerOptions => StatusCode::NO_CONTENT,
        }
    }

    /// A sentence for whoever debugs a client; it repeats nothing of the request.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::MissingHost => "The request has no Host header.\n",
            Self::ManyHosts => "The request has more than one Host header.\n",
            Self::MalformedHost => "The Host header is malformed.\n",
            Self::HostMismatch => "The Host header and :authority differ.\n",
            Self::MalformedTarget => "The request target is malformed.\n",
            Self::LongTarget => "The request target is too long.\n",
            Self::ManyHeaders => "The request has too many header fields.\n",
            Self::LargeBody => "The request body is too large.\n",
            Self::Connect => "CONNECT is not supported.\n",
            Self::SlowHeader => "The request header took too long.\n",
            Self::Busy => "Too many requests of this connection are still running.\n",
            Self::ServerOptions => "",
        }
    }

    /// The whole answer, for a connection that hyper has given back.
    pub(crate) fn raw(self) -> Vec<u8> {
        let (status, text) = (self.status(), self.text());
        format!(
            "HTTP/1.1 {} {}\r\nconnection: close\r\ncontent-type: text/plain\r\ncontent-length: {}\r\n\r\n{text}",
            status.as_str(),
            status.canonical_reason().unwrap_or_default(),
            text.len(),
        )
        .into_bytes()
    }
}
