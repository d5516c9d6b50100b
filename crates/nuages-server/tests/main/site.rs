//! The site under test: a service that tells what it was asked, on a server with short time-outs.

use std::collections::HashMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;
use nuages_server::{Address, BodyErrorKind, Bound, Ended, Limits, Peer, RequestBody, Server, Timeouts};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// What the application saw.
#[derive(Default)]
pub(crate) struct Seen {
    paths: Mutex<HashMap<String, usize>>,
    pub(crate) started: AtomicUsize,
    pub(crate) finished: AtomicUsize,
}

impl Seen {
    pub(crate) fn times(&self, path: &str) -> usize {
        self.paths.lock().unwrap().get(path).copied().unwrap_or(0)
    }

    pub(crate) fn finished(&self) -> usize {
        self.finished.load(SeqCst)
    }

    pub(crate) fn started(&self) -> usize {
        self.started.load(SeqCst)
    }
}

/// The application.
#[derive(Clone, Default)]
pub(crate) struct App(pub(crate) Arc<Seen>);

/// A body of text, or one that never ends.
pub(crate) enum Out {
    Text(Option<Bytes>),
    Endless,
    /// Pieces with a pause before each.
    Slowly(usize, Option<Pin<Box<tokio::time::Sleep>>>),
}

impl Body for Out {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.get_mut() {
            Self::Text(text) => Poll::Ready(text.take().map(|text| Ok(Frame::data(text)))),
            Self::Endless => Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&[b'x'; 16 * 1024]))))),
            Self::Slowly(0, _) => Poll::Ready(None),
            Self::Slowly(left, pause) => {
                let sleep =
                    pause.get_or_insert_with(|| Box::pin(tokio::time::sleep(Duration::from_millis(60))));
                std::task::ready!(sleep.as_mut().poll(cx));
                *pause = None;
                *left -= 1;
                Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"piece ")))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Text(None))
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Text(text) => SizeHint::with_exact(text.as_ref().map_or(0, Bytes::len) as u64),
            Self::Endless | Self::Slowly(..) => SizeHint::default(),
        }
    }
}

impl tower_service::Service<Request<RequestBody>> for App {
    type Response = Response<Out>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Out>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        let seen = self.0.clone();
        *seen.paths.lock().unwrap().entry(request.uri().path().to_owned()).or_default() += 1;
        Box::pin(async move {
            seen.started.fetch_add(1, SeqCst);
            let response = answer(request).await;
            seen.finished.fetch_add(1, SeqCst);
            Ok(response)
        })
    }
}

fn text(status: StatusCode, text: impl Into<Bytes>) -> Response<Out> {
    let mut response = Response::new(Out::Text(Some(text.into()).filter(|text| !text.is_empty())));
    *response.status_mut() = status;
    response
}

async fn answer(request: Request<RequestBody>) -> Response<Out> {
    let (parts, body) = request.into_parts();
    let query: u64 = parts.uri.query().and_then(|query| query.parse().ok()).unwrap_or(0);
    assert!(parts.uri.scheme().is_none() && parts.uri.authority().is_none(), "{}", parts.uri);
    assert_eq!(parts.extensions.get::<Peer>(), Some(&body.peer()));
    match parts.uri.path() {
        "/echo" | "/length" => {
            let length = body.content_length();
            match body.collect().await {
                Ok(_) if parts.uri.path() == "/length" => text(StatusCode::OK, format!("{length:?}")),
                Ok(body) => text(StatusCode::OK, body.to_bytes()),
                Err(error) => text(
                    match error.kind() {
                        BodyErrorKind::TimedOut => StatusCode::REQUEST_TIMEOUT,
                        BodyErrorKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
                        BodyErrorKind::Protocol => StatusCode::UNPROCESSABLE_ENTITY,
                        _ => StatusCode::BAD_REQUEST,
                    },
                    format!("{:?}", error.kind()),
                ),
            }
        }
        "/headers" => {
            let mut lines = format!("target={}\n", parts.uri);
            for (name, value) in &parts.headers {
                lines += &format!("{name}={}\n", String::from_utf8_lossy(value.as_bytes()));
            }
            text(StatusCode::OK, lines)
        }
        "/sleep" => {
            tokio::time::sleep(Duration::from_millis(query)).await;
            text(StatusCode::OK, "slept")
        }
        "/endless" => Response::new(Out::Endless),
        "/large" => text(StatusCode::OK, vec![b'x'; usize::try_from(query).unwrap()]),
        "/slowly" => Response::new(Out::Slowly(usize::try_from(query).unwrap(), None)),
        "/panic" => panic!("a view panicked"),
        "/peer" => text(StatusCode::OK, format!("{:?}", body.peer())),
        "/elsewhere" => {
            // A body read by another task than the connection's.
            let read = tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(20)).await;
                body.collect().await.map(|body| body.to_bytes()).map_err(|error| error.kind())
            });
            text(StatusCode::OK, format!("{:?}", read.await.unwrap()))
        }
        _ => text(StatusCode::OK, "served"),
    }
}

/// Time-outs of a fraction of a second, in the order of the real ones.
pub(crate) fn short() -> Timeouts {
    Timeouts {
        first_byte: Duration::from_millis(300),
        header: Duration::from_millis(300),
        body_stall: Duration::from_millis(300),
        body_rate: 1000,
        body_grace: Duration::from_millis(500),
        write_stall: Duration::from_millis(400),
        keep_alive: Duration::from_millis(600),
        drain: Duration::from_secs(2),
    }
}

/// A running site.
pub(crate) struct Site {
    pub(crate) address: Address,
    pub(crate) seen: Arc<Seen>,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<std::io::Result<Ended>>,
}

impl Site {
    pub(crate) fn start(server: Server) -> Self {
        Self::serve(server.bind("127.0.0.1:0".parse::<Address>().unwrap()).unwrap())
    }

    /// A site with limits as they are by default, and time-outs too long to matter.
    pub(crate) fn patient() -> Self {
        Self::start(Server::new())
    }

    pub(crate) fn hasty() -> Self {
        Self::start(Server::new().timeouts(short()))
    }

    pub(crate) fn limited(limits: Limits) -> Self {
        Self::start(Server::new().timeouts(short()).limits(limits))
    }

    pub(crate) fn serve(bound: Bound) -> Self {
        let address = bound.local_addr().clone();
        let app = App::default();
        let seen = app.0.clone();
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(bound.serve(app, async move {
            let _ = stopped.await;
        }));
        Self { address, seen, stop: Some(stop), server }
    }

    pub(crate) fn stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    /// Stops the site and waits for its end.
    pub(crate) async fn end(mut self) -> Ended {
        if self.stop.is_some() {
            self.stop();
        }
        self.server.await.unwrap().unwrap()
    }
}
