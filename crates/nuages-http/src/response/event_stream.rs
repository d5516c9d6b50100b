//! Server-sent events: an answer that goes on.

use std::fmt::{self, Write as _};
use std::time::Duration;

use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};

use super::{HttpResponse, ROOM};
use crate::body::Body;
use crate::body_channel::{BodySender, NobodyReads};

/// One event. Line ends in its fields cannot forge another one.
///
/// ```
/// use nuages_http::Event;
/// let event = Event::new("two\nlines").event("progress").id("7");
/// assert_eq!(event.to_string(), "event: progress\nid: 7\ndata: two\ndata: lines\n\n");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    fields: String,
    data: String,
}

impl Event {
    /// An event with this data.
    #[must_use]
    pub fn new(data: impl Into<String>) -> Self {
        Self { fields: String::new(), data: data.into() }
    }

    /// Its name, for `addEventListener`; without one it is a `message`.
    #[must_use]
    pub fn event(self, name: &str) -> Self {
        self.field("event", name)
    }

    /// What a browser that connects again sends as `Last-Event-ID`.
    #[must_use]
    pub fn id(self, id: &str) -> Self {
        self.field("id", id)
    }

    /// How long a browser waits before it connects again.
    #[must_use]
    pub fn retry(self, wait: Duration) -> Self {
        self.field("retry", &wait.as_millis().to_string())
    }

    fn field(mut self, name: &str, value: &str) -> Self {
        self.fields.push_str(name);
        self.fields.push_str(": ");
        self.fields.extend(value.chars().filter(|c| !matches!(c, '\r' | '\n' | '\0')));
        self.fields.push('\n');
        self
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.fields)?;
        for line in self.data.replace("\r\n", "\n").split(['\r', '\n']) {
            writeln!(f, "data: {line}")?;
        }
        f.write_char('\n')
    }
}

/// Sends events. When it is dropped the answer is cut, and browsers connect again.
#[derive(Debug)]
pub struct EventSender {
    sender: BodySender,
}

impl EventSender {
    /// Sends an event.
    ///
    /// # Errors
    /// [`NobodyReads`]: the client has left.
    pub async fn send(&mut self, event: Event) -> Result<(), NobodyReads> {
        self.sender.send(event.to_string()).await
    }

    /// Sends a comment, which browsers pass over: it keeps proxies from closing a silent connection.
    ///
    /// # Errors
    /// [`NobodyReads`]: the client has left.
    pub async fn keep_alive(&mut self) -> Result<(), NobodyReads> {
        self.sender.send(":\n\n").await
    }

    /// Ends the answer; browsers connect again.
    pub async fn finish(self) {
        self.sender.finish().await;
    }

    /// Waits until the client has left.
    pub async fn closed(&self) {
        self.sender.closed().await;
    }
}

impl HttpResponse {
    /// An answer of server-sent events (`text/event-stream`), and what sends them.
    ///
    /// ```
    /// use nuages_http::{Event, HttpResponse, Result};
    ///
    /// async fn clock() -> Result {
    ///     let (mut events, response) = HttpResponse::event_stream();
    ///     tokio::spawn(async move {
    ///         for tick in 1..=3 {
    ///             events.send(Event::new(tick.to_string())).await?;
    ///         }
    ///         events.finish().await;
    ///         Ok::<(), nuages_http::NobodyReads>(())
    ///     });
    ///     Ok(response)
    /// }
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let mut response = clock().await?;
    /// assert_eq!(response.header("content-type").as_deref(), Some("text/event-stream"));
    /// assert_eq!(response.take_body().next_chunk().await?.as_deref(), Some(&b"data: 1\n\n"[..]));
    /// # Ok::<(), nuages_http::Error>(()) })?;
    /// # Ok::<(), nuages_http::Error>(())
    /// ```
    #[must_use]
    #[doc(alias = "StreamingHttpResponse")]
    #[doc(alias = "server-sent events")]
    pub fn event_stream() -> (EventSender, Self) {
        let (sender, body) = Body::channel();
        let mut headers = HeaderMap::with_capacity(ROOM);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        // nginx would keep the events until it has a bufferful.
        headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
        (EventSender { sender }, Self::from_parts(StatusCode::OK, headers, body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_forge_nothing() {
        for (event, expected) in [
            (Event::new("a\r\nb\rc\nd"), "data: a\ndata: b\ndata: c\ndata: d\n\n"),
            (Event::new(""), "data: \n\n"),
            (
                Event::new("x").event("a\nid: 1").id("2\r\n\r\ndata: y"),
                "event: aid: 1\nid: 2data: y\ndata: x\n\n",
            ),
            (Event::new("x").retry(Duration::from_secs(2)), "retry: 2000\ndata: x\n\n"),
        ] {
            assert_eq!(event.to_string(), expected);
        }
    }
}
