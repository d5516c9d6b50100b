//! Sessions, as middleware that does not know them sees them.

use nuages_http::{HttpRequest, Result};
use nuages_middleware::{BoxFuture, SessionValues};
use nuages_sessions::RequestSession;

/// The session of the request, by [`RequestSession`].
pub(crate) struct RequestSessions;

impl SessionValues for RequestSessions {
    fn get<'a>(&'a self, request: &'a HttpRequest, name: &'a str) -> BoxFuture<'a, Result<Option<String>>> {
        // What is no text was put there by somebody else.
        Box::pin(async move { Ok(request.session().await?.get(name).unwrap_or_default()) })
    }

    fn set<'a>(
        &'a self,
        request: &'a HttpRequest,
        name: &'a str,
        value: &'a str,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move { Ok(request.session().await?.set(name, value)?) })
    }

    fn was_used(&self, request: &HttpRequest) -> bool {
        request.session_handle().is_ok_and(|session| session.accessed() || session.modified())
    }
}
