//! From an error to a page: `handler404` and its siblings, and the log.

use std::sync::Arc;

use nuages_http::{Error, ErrorKind, HttpRequest, HttpResponse, Result, StatusCode};
use nuages_middleware::{BoxFuture, Respond};
use nuages_sessions::{SessionError, SessionErrorKind};

use crate::debug_page::{self, Audience};
use crate::stock_page;
use crate::templates;
use crate::view::ViewOutput;

/// The application's own views for errors.
#[derive(Clone, Default)]
pub(crate) struct ErrorHandlers {
    pub(crate) bad_request: Option<ErrorHandler>,
    pub(crate) forbidden: Option<ErrorHandler>,
    pub(crate) not_found: Option<ErrorHandler>,
    pub(crate) server_error: Option<ErrorHandler>,
}

type Handler = dyn Fn(HttpRequest, Error) -> BoxFuture<'static, Result> + Send + Sync;

/// One view for errors.
#[derive(Clone)]
pub(crate) struct ErrorHandler {
    view: Arc<Handler>,
}

impl ErrorHandler {
    pub(crate) fn new<F: ViewOutput>(view: impl Fn(HttpRequest, Error) -> F + Send + Sync + 'static) -> Self {
        Self { view: Arc::new(move |request, error| Box::pin(view(request, error).answer())) }
    }

    async fn answer(&self, request: &HttpRequest, error: Error) -> Result {
        templates::rendered(request, (self.view)(request.clone(), error).await?).await
    }
}

/// Turns errors into responses.
pub(crate) struct ErrorPages {
    pub(crate) handlers: ErrorHandlers,
}

impl Respond for ErrorPages {
    fn respond(&self, request: HttpRequest, error: Error) -> BoxFuture<'_, HttpResponse> {
        let error = judged(error);
        log(&request, &error);
        let status = error.status();
        let retry_after = error.retry_after_seconds();
        Box::pin(async move {
            let mut response = self.page(request, error).await;
            if response.status() == StatusCode::OK {
                response.set_status(status);
            }
            if let Some(seconds) = retry_after {
                let _valid = response.set_header("Retry-After", &seconds.to_string());
            }
            response
        })
    }
}

/// A session store that is away is no mistake of the view, whose `?` made it one: 503 in place of 500.
fn judged(error: Error) -> Error {
    let source = error.downcast_ref::<SessionError>().map(SessionError::kind);
    match (error.kind(), source) {
        (ErrorKind::Internal, Some(SessionErrorKind::Unavailable)) => {
            error.with_kind(ErrorKind::Unavailable).retry_after(1)
        }
        _ => error,
    }
}

impl ErrorPages {
    async fn page(&self, request: HttpRequest, error: Error) -> HttpResponse {
        // As in Django, the developer sees more than the site's own page, of which 403 is the one that is part of its work.
        if error.status() != StatusCode::FORBIDDEN && Audience::of(&request) == Audience::Developer {
            return debug_page::pending(&request, &error);
        }
        let handler = match error.status() {
            StatusCode::BAD_REQUEST => &self.handlers.bad_request,
            StatusCode::FORBIDDEN => &self.handlers.forbidden,
            StatusCode::NOT_FOUND => &self.handlers.not_found,
            StatusCode::INTERNAL_SERVER_ERROR => &self.handlers.server_error,
            _ => &None,
        };
        let Some(handler) = handler else { return stock(&request, &error) };
        let failed_500 = error.status() == StatusCode::INTERNAL_SERVER_ERROR;
        let error = match handler.answer(&request, error).await {
            Ok(response) => return response,
            Err(error) => error.with_kind(ErrorKind::Internal),
        };
        log(&request, &error);
        // As in Django, what fails in a view for errors is a server error, which has its own view.
        match &self.handlers.server_error {
            Some(handler) if !failed_500 => {
                let answer = handler.answer(&request, error).await;
                let answer = answer.map_err(|error| stock(&request, &error.with_kind(ErrorKind::Internal)));
                answer.map_or_else(|page| page, as_server_error)
            }
            _ => stock(&request, &error),
        }
    }
}

/// The page that no handler has made.
fn stock(request: &HttpRequest, error: &Error) -> HttpResponse {
    match Audience::of(request) {
        Audience::Developer => debug_page::pending(request, error),
        Audience::Visitor => stock_page::answer(error),
    }
}

fn as_server_error(response: HttpResponse) -> HttpResponse {
    if response.status() == StatusCode::OK {
        response.with_status(StatusCode::INTERNAL_SERVER_ERROR)
    } else {
        response
    }
}

/// Logs an error as Django does: 5xx as an error, the rest as a warning, matters of security under their own
/// target. Text from the client is escaped.
fn log(request: &HttpRequest, error: &Error) {
    let (method, path) = (request.method.as_str(), &*request.path);
    let status = error.status().as_u16();
    if error.kind().is_suspicious() || error.kind() == ErrorKind::SessionInterrupted {
        let kind = error.kind().django_name();
        tracing::warn!(target: "nuages.security", kind, status, method, path = ?path, error = ?error.to_string(), "refused");
    } else if status >= 500 {
        tracing::error!(target: "nuages.request", status, method, path = ?path, "{error:?}");
    } else {
        tracing::warn!(target: "nuages.request", status, method, path = ?path, error = ?error.to_string(), "no answer");
    }
}
