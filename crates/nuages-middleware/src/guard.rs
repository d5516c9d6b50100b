//! Django's `convert_exception_to_response`: nothing but a response comes out.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use nuages_http::{Error, HttpRequest, HttpResponse, Result};
use pin_project_lite::pin_project;

use crate::next::BoxFuture;
use crate::panic_report;
use crate::respond::Respond;

pin_project! {
    /// A future whose error or panic becomes a response; [`Respond`] and [`Panicked`](crate::Panicked) show it.
    pub struct Guarded<'a, F> {
        #[pin]
        future: Option<F>,
        failure: Option<Error>,
        request: Option<HttpRequest>,
        respond: &'a dyn Respond,
        answer: Option<BoxFuture<'a, HttpResponse>>,
    }
}

impl<'a, F: Future<Output = Result>> Guarded<'a, F> {
    /// Guards a future that handles this request.
    pub fn new(future: F, request: HttpRequest, respond: &'a dyn Respond) -> Self {
        Self { future: Some(future), failure: None, request: Some(request), respond, answer: None }
    }

    /// Guards the making of the future too: a function that returns one may panic before it does.
    pub fn start(make: impl FnOnce() -> F, request: HttpRequest, respond: &'a dyn Respond) -> Self {
        let (future, failure) = match catch_unwind(AssertUnwindSafe(make)) {
            Ok(future) => (Some(future), None),
            Err(payload) => (None, Some(panic_report::into_error(&*payload))),
        };
        Self { future, failure, request: Some(request), respond, answer: None }
    }
}

impl<F: Future<Output = Result>> Future for Guarded<'_, F> {
    type Output = HttpResponse;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<HttpResponse> {
        let this = self.project();
        if this.answer.is_none() {
            let error = match (this.failure.take(), this.future.as_pin_mut()) {
                (Some(error), _) => error,
                // The future is not polled again after a panic, so nothing broken is seen.
                (None, Some(future)) => match ready!(caught(|| future.poll(cx))) {
                    Ok(Ok(response)) => return Poll::Ready(response),
                    Ok(Err(error)) => error,
                    Err(payload) => panic_report::into_error(&*payload),
                },
                (None, None) => Error::from("the request was answered before"),
            };
            let Some(request) = this.request.take() else { return Poll::Ready(plain()) };
            let respond = *this.respond;
            match catch_unwind(AssertUnwindSafe(|| respond.respond(request, error))) {
                Ok(answer) => *this.answer = Some(answer),
                Err(payload) => return Poll::Ready(failed(&*payload)),
            }
        }
        match this.answer {
            Some(answer) => match ready!(caught(|| answer.as_mut().poll(cx))) {
                Ok(response) => Poll::Ready(response),
                Err(payload) => Poll::Ready(failed(&*payload)),
            },
            None => Poll::Ready(plain()),
        }
    }
}

fn caught<T>(poll: impl FnOnce() -> Poll<T>) -> Poll<Result<T, Box<dyn Any + Send>>> {
    match catch_unwind(AssertUnwindSafe(poll)) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(value)) => Poll::Ready(Ok(value)),
        Err(payload) => Poll::Ready(Err(payload)),
    }
}

/// The answer when even the error page panics.
fn failed(payload: &(dyn Any + Send)) -> HttpResponse {
    let _logged = panic_report::into_error(payload);
    tracing::error!(target: "nuages.request", "the error page panicked");
    plain()
}

fn plain() -> HttpResponse {
    HttpResponse::server_error("<h1>Server Error (500)</h1>")
}
