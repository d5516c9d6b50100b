//! Between hyper and the application.

use std::cell::RefCell;
use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Waker};

use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;

use crate::admit::admit;
use crate::answer::{Answer, Spare};
use crate::host::LastHost;
use crate::in_flight::InFlight;
use crate::progress::Progress;
use crate::refusal::Refusal;
use crate::request_body::RequestBody;
use crate::sending::Sending;
use crate::service::HttpService;

/// The application as one connection sees it: it checks a request, wraps its body, and hands it on.
pub(crate) struct Gate<S: HttpService> {
    /// hyper calls through `&self`, one request at a time.
    service: RefCell<S>,
    progress: Arc<Progress>,
    spare: Arc<Spare<S::Future>>,
    multiplexed: bool,
    /// The requests of one connection are nearly always for one host.
    last_host: RefCell<LastHost>,
}

impl<S: HttpService> Gate<S> {
    pub(crate) fn new(service: S, progress: Arc<Progress>, multiplexed: bool) -> Self {
        Self {
            service: RefCell::new(service),
            progress,
            spare: Arc::default(),
            multiplexed,
            last_host: RefCell::default(),
        }
    }

    /// Takes the request apart if the server may not serve it.
    fn admit(&self, request: &mut Request<Incoming>) -> Result<(), Refusal> {
        let limits = &self.progress.shared.limits;
        admit(request, limits, &mut self.last_host.borrow_mut())?;
        if let (Some(most), Some(length)) = (limits.body_bytes, request.body().size_hint().exact())
            && length > most
        {
            return Err(Refusal::LargeBody);
        }
        // A client that resets one request after the other would else start work without bound.
        if self.multiplexed && self.progress.detached.get() >= limits.http2_streams as usize {
            return Err(Refusal::Busy);
        }
        Ok(())
    }

    fn wrap(&self, mut request: Request<Incoming>) -> Request<RequestBody> {
        if self.progress.shared.peer_extension {
            request.extensions_mut().insert(self.progress.peer);
        }
        request.map(|body| RequestBody::new(body, &self.progress, self.multiplexed))
    }
}

impl<S: HttpService> hyper::service::Service<Request<Incoming>> for Gate<S> {
    type Response = Response<Sending<S::Body>>;
    type Error = Infallible;
    type Future = Answer<S>;

    fn call(&self, mut request: Request<Incoming>) -> Answer<S> {
        let mark = InFlight::new(self.progress.clone(), self.multiplexed);
        let spare = self.spare.clone();
        self.progress.heads.advance(1);
        if let Err(refusal) = self.admit(&mut request) {
            tracing::debug!(peer = %self.progress.peer, ?refusal, "request refused");
            self.progress.body_left.set(true);
            return Answer::refused(refusal, spare, mark);
        }
        let request = self.wrap(request);
        let mut service = self.service.borrow_mut();
        // Most services are always ready: ask without a waker first, and only if that says no, wait on a clone.
        if service.poll_ready(&mut Context::from_waker(Waker::noop())).is_ready() {
            Answer::running(service.call(request), spare, mark)
        } else {
            Answer::waiting(service.clone(), request, spare, mark)
        }
    }
}
