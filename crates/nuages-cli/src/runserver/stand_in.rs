//! Who answers while there is no site.

use std::convert::Infallible;
use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, HOST, HeaderMap, HeaderValue, RETRY_AFTER};
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use nuages_server::{Bound, RequestBody};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tower_service::Service;

use super::page::{CHANGED, Page};
use crate::failure::Failure;

/// Answers on the socket, from some time on, until it is told to end.
pub(super) struct StandIn {
    over: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl StandIn {
    /// Answers with the page, but not before this time has passed: until then whoever comes waits.
    pub(super) fn after(pause: Duration, socket: &Bound, page: Page) -> Result<Self, Failure> {
        let socket =
            socket.try_clone().map_err(|error| Failure::new(format_args!("cannot answer: {error}")))?;
        let (over, mut ends) = watch::channel(false);
        let answers = Answers { page: Arc::new(page), over: ends.clone() };
        let task = tokio::spawn(async move {
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                _ = ends.changed() => return,
            }
            let end = async move { drop(ends.wait_for(|over| *over).await) };
            // It fails only without a runtime.
            let _ended = socket.serve(answers, end).await;
        });
        Ok(Self { over, task })
    }

    /// Ends it: those who wait for a change are told, and whoever comes next waits for the next who answers.
    pub(super) async fn end(self) {
        let _it_has_ended = self.over.send(true);
        if tokio::time::timeout(Duration::from_secs(1), self.task).await.is_err() {
            // Somebody reads slowly; the page will be sent to its end all the same.
        }
    }
}

#[derive(Clone)]
struct Answers {
    page: Arc<Page>,
    over: watch::Receiver<bool>,
}

impl Service<Request<RequestBody>> for Answers {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        if request.uri().path() == CHANGED {
            let mut over = self.over.clone();
            return Box::pin(async move {
                let _either_way = over.wait_for(|over| *over).await;
                Ok(answer(StatusCode::NO_CONTENT, "text/plain", Bytes::new()))
            });
        }
        let peer = request.body().peer().ip();
        let page = &self.page;
        let audience = is_here(peer, request.headers(), request.uri().host());
        let (kind, text) = match (wants_html(request.headers()), audience) {
            (true, true) => ("text/html; charset=utf-8", page.html(request.method())),
            (true, false) => ("text/html; charset=utf-8", page.html_for_others()),
            (false, true) => ("text/plain; charset=utf-8", page.text()),
            (false, false) => ("text/plain; charset=utf-8", page.text_for_others()),
        };
        let mut response = answer(page.status(), kind, text.into());
        if page.status() == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("2"));
        }
        Box::pin(std::future::ready(Ok(response)))
    }
}

fn answer(status: StatusCode, kind: &'static str, body: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn wants_html(headers: &HeaderMap) -> bool {
    headers.get_all(ACCEPT).iter().any(|accept| accept.as_bytes().windows(9).any(|part| part == b"text/html"))
}

/// Sources are shown on this machine only, and under its own names only: the page of another site could else read them
/// under a name of its own that leads here.
fn is_here(peer: Option<IpAddr>, headers: &HeaderMap, authority: Option<&str>) -> bool {
    let near = peer.is_none_or(|ip| ip.to_canonical().is_loopback());
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).or(authority).unwrap_or_default();
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let ours = name.parse::<IpAddr>().is_ok() || name == "localhost" || name.ends_with(".localhost");
    near && ours
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_shown_here_only() {
        for (peer, host, shown) in [
            ("127.0.0.1", "localhost:8000", true),
            ("::1", "[::1]:8000", true),
            ("127.0.0.1", "127.0.0.1", true),
            ("::ffff:127.0.0.1", "site.localhost", true),
            ("127.0.0.1", "evil.example", false),
            ("127.0.0.1", "", false),
            ("192.0.2.1", "localhost", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, HeaderValue::from_static(host));
            assert_eq!(is_here(Some(peer.parse().unwrap()), &headers, None), shown, "{peer} {host}");
        }
        assert!(is_here(None, &HeaderMap::new(), Some("localhost")));
    }
}
