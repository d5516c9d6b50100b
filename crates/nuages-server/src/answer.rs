//! A request being answered, which runs to its end even when nobody waits for it any more.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use http::{Request, Response};

use crate::admit::closing;
use crate::in_flight::InFlight;
use crate::progress::Progress;
use crate::refusal::Refusal;
use crate::request_body::RequestBody;
use crate::sending::Sending;
use crate::service::HttpService;
use crate::wakers::Ticket;

/// A pinned place for one future after the other. A future that has been polled cannot move, so what may have to
/// change from the connection's task to one of its own must live in a box; this one is made once a connection.
type Berth<F> = Pin<Box<Option<F>>>;

/// Where a connection keeps its [`Berth`] between two requests.
#[derive(Debug)]
pub(crate) struct Spare<F>(Mutex<Option<Berth<F>>>);

impl<F> Default for Spare<F> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<F> Spare<F> {
    fn berth(&self, future: F) -> Berth<F> {
        match self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(mut berth) => {
                berth.set(Some(future));
                berth
            }
            None => Box::pin(Some(future)),
        }
    }

    fn give_back(&self, mut berth: Berth<F>) {
        berth.set(None);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(berth);
    }
}

/// The future of one request.
pub(crate) struct Answer<S: HttpService> {
    state: State<S>,
    spare: Arc<Spare<S::Future>>,
    /// Moves on into the answer's body.
    mark: Option<InFlight>,
}

enum State<S: HttpService> {
    Refused(Refusal),
    /// The service was not ready when the request came.
    Waiting(Box<(S, Option<Request<RequestBody>>)>),
    Running {
        berth: Berth<S::Future>,
        polled: Polled,
    },
    Done,
}

/// How far the service's future got.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Polled {
    Never,
    /// Seen from outside of `poll`, this is a future that panicked.
    Now,
    Before,
}

impl<S: HttpService> Answer<S> {
    pub(crate) fn refused(refusal: Refusal, spare: Arc<Spare<S::Future>>, mark: InFlight) -> Self {
        Self { state: State::Refused(refusal), spare, mark: Some(mark) }
    }

    pub(crate) fn waiting(
        service: S,
        request: Request<RequestBody>,
        spare: Arc<Spare<S::Future>>,
        mark: InFlight,
    ) -> Self {
        Self { state: State::Waiting(Box::new((service, Some(request)))), spare, mark: Some(mark) }
    }

    pub(crate) fn running(future: S::Future, spare: Arc<Spare<S::Future>>, mark: InFlight) -> Self {
        let berth = spare.berth(future);
        Self { state: State::Running { berth, polled: Polled::Never }, spare, mark: Some(mark) }
    }
}

impl<S: HttpService> Future for Answer<S> {
    type Output = Result<Response<Sending<S::Body>>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        if let State::Waiting(waiting) = &mut this.state {
            let (service, request) = &mut **waiting;
            ready!(service.poll_ready(cx));
            let Some(request) = request.take() else { return Poll::Pending };
            let berth = this.spare.berth(service.call(request));
            this.state = State::Running { berth, polled: Polled::Never };
        }
        if let State::Running { berth, polled } = &mut this.state {
            let Some(future) = berth.as_mut().as_pin_mut() else { return Poll::Pending };
            *polled = Polled::Now;
            let outcome = future.poll(cx);
            *polled = Polled::Before;
            let Ok(mut response) = ready!(outcome);
            if let State::Running { berth, .. } = std::mem::replace(&mut this.state, State::Done) {
                this.spare.give_back(berth);
            }
            let Some(mark) = this.mark.take() else { return Poll::Pending };
            if mark.progress().shared.draining() {
                closing(response.headers_mut());
            }
            return Poll::Ready(Ok(response.map(|body| Sending::new(body, mark))));
        }
        // hyper polls no future again that has given its answer.
        let State::Refused(refusal) = std::mem::replace(&mut this.state, State::Done) else {
            return Poll::Pending;
        };
        let Some(mark) = this.mark.take() else { return Poll::Pending };
        let mut response = Response::new(Sending::text(refusal.text(), mark));
        *response.status_mut() = refusal.status();
        closing(response.headers_mut());
        refusal.add_headers(response.headers_mut());
        Poll::Ready(Ok(response))
    }
}

impl<S: HttpService> Drop for Answer<S> {
    fn drop(&mut self) {
        let State::Running { berth, polled: Polled::Before } =
            std::mem::replace(&mut self.state, State::Done)
        else {
            return;
        };
        let Some(mark) = self.mark.take() else { return };
        let progress = mark.progress().clone();
        if progress.shared.is_cut() {
            return;
        }
        tracing::debug!(peer = %progress.peer, "the client left, its request runs on");
        progress.detached.increment();
        let runtime = progress.shared.runtime.clone();
        runtime.spawn(Detached { future: berth, ticket: None, progress });
    }
}

/// A request whose client left, on its way to its end.
struct Detached<F> {
    future: Berth<F>,
    ticket: Option<Ticket>,
    progress: Arc<Progress>,
}

impl<F: Future> Future for Detached<F> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let shared = &this.progress.shared;
        this.ticket.get_or_insert_with(|| Ticket::new(shared, cx.waker()));
        if shared.is_cut() {
            return Poll::Ready(());
        }
        match this.future.as_mut().as_pin_mut() {
            Some(future) => future.poll(cx).map(drop),
            None => Poll::Ready(()),
        }
    }
}

impl<F> Drop for Detached<F> {
    fn drop(&mut self) {
        self.progress.detached.decrement();
    }
}
