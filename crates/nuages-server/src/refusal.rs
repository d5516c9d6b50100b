//! The answers that the server gives itself.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

/// Sent with each of them: an application's answers have such headers too, and these are made without asking it.
const HEADERS: [(&str, &str); 4] = [
    ("content-type", "text/plain; charset=utf-8"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
];

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

    /// Adds what every answer of the server itself has.
    pub(crate) fn add_headers(self, headers: &mut HeaderMap) {
        for (name, value) in HEADERS {
            if name != "content-type" || !self.text().is_empty() {
                headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
        }
    }

    /// The whole answer, for a connection that hyper has given back.
    pub(crate) fn raw(self) -> Vec<u8> {
        let (status, text) = (self.status(), self.text());
        let headers: String = HEADERS.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!(
            "HTTP/1.1 {} {}\r\nconnection: close\r\n{headers}content-length: {}\r\n\r\n{text}",
            status.as_str(),
            status.canonical_reason().unwrap_or_default(),
            text.len(),
        )
        .into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_have_the_same_headers() {
        for refusal in [Refusal::MalformedHost, Refusal::SlowHeader] {
            let mut headers = HeaderMap::new();
            refusal.add_headers(&mut headers);
            let raw = String::from_utf8(refusal.raw()).unwrap();
            for (name, value) in &headers {
                let line = format!("\r\n{name}: {}\r\n", value.to_str().unwrap());
                assert!(raw.contains(&line), "{raw}");
            }
            assert_eq!(headers.get("x-content-type-options").unwrap(), "nosniff");
        }
        let mut headers = HeaderMap::new();
        Refusal::ServerOptions.add_headers(&mut headers);
        assert!(!headers.contains_key("content-type"), "there is no content");
    }
}
