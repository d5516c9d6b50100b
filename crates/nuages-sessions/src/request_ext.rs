//! `request.session()`.

use std::future::Future;

use nuages_http::{Error, ErrorKind, HttpRequest, Result};

use crate::{Session, SessionError, SessionErrorKind, SessionHandle};

/// The session of a request (`HttpRequest.session`), put there by [`SessionMiddleware`](crate::SessionMiddleware).
///
/// ```
/// use nuages_http::{HttpRequest, HttpResponse, Result};
/// use nuages_sessions::RequestSession;
///
/// async fn count(request: HttpRequest) -> Result {
///     let session = request.session().await?; // the only wait
///     let visits = session.modify("visits", |visits: u32| visits + 1)?;
///     Ok(HttpResponse::new(format!("visit number {visits}")))
/// }
///
/// async fn forget(request: HttpRequest) -> Result {
///     request.session_handle()?.flush(); // needs no values, so there is no wait
///     Ok(HttpResponse::new("good-bye"))
/// }
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// // Without SessionMiddleware it is an error that says so.
/// let error = count(HttpRequest::test("GET", "/").build()).await.unwrap_err();
/// assert!(error.to_string().contains("SessionMiddleware must be installed"));
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
#[doc(alias = "request.session")]
pub trait RequestSession {
    /// The session with its values; the first call reads the store, the others do not.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::ImproperlyConfigured`] without the middleware, [`ErrorKind::Unavailable`] (503) if the store is out
    /// of order.
    #[doc(alias = "request.session")]
    fn session(&self) -> impl Future<Output = Result<&Session>> + Send;

    /// The session unread: for its key and for `flush`, `clear` and the like, which need no values and are no access.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::ImproperlyConfigured`] without the middleware.
    fn session_handle(&self) -> Result<&SessionHandle>;
}

impl RequestSession for HttpRequest {
    #[track_caller]
    fn session(&self) -> impl Future<Output = Result<&Session>> + Send {
        // Looked up before the future is made, so that the error names the line of the view.
        let handle = self.session_handle();
        async move { handle?.session().await.map_err(into_error) }
    }

    #[track_caller]
    fn session_handle(&self) -> Result<&SessionHandle> {
        match self.extensions().get::<SessionHandle>() {
            Some(handle) => Ok(handle),
            None => Err(Error::new(ErrorKind::ImproperlyConfigured, WITHOUT_MIDDLEWARE)),
        }
    }
}

const WITHOUT_MIDDLEWARE: &str = "SessionMiddleware must be installed to use request.session(): \
     add .middleware(SessionMiddleware::new()) to the App, before the middleware and views that use it";

/// A session's error with the status that it calls for.
pub(crate) fn into_error(error: SessionError) -> Error {
    match error.kind() {
        SessionErrorKind::UpdateError => Error::with_source(ErrorKind::SessionInterrupted, error),
        SessionErrorKind::Unavailable | SessionErrorKind::Locked => {
            Error::with_source(ErrorKind::Unavailable, error).retry_after(1)
        }
        _ => Error::with_source(ErrorKind::Internal, error),
    }
}
