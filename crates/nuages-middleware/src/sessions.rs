//! What this crate asks of sessions, which live above it.

use std::sync::Arc;

use nuages_http::{HttpRequest, Result};

use crate::next::BoxFuture;
use crate::setup::Setup;

/// Sessions, as far as middleware of this crate needs them: whoever puts the application together implements it and
/// [shares](SharedSessions::share) it with the site before the middleware is set up.
///
/// ```
/// use std::collections::HashMap;
/// use std::sync::Mutex;
/// use nuages_http::{HttpRequest, Result, Site};
/// use nuages_middleware::{BoxFuture, SessionValues, Setup, SharedSessions};
///
/// /// For tests: one session for everybody.
/// #[derive(Default)]
/// struct OneSession(Mutex<HashMap<String, String>>);
///
/// impl SessionValues for OneSession {
///     fn get<'a>(&'a self, _: &'a HttpRequest, name: &'a str) -> BoxFuture<'a, Result<Option<String>>> {
///         Box::pin(async move { Ok(self.0.lock().unwrap().get(name).cloned()) })
///     }
///     fn set<'a>(&'a self, _: &'a HttpRequest, name: &'a str, value: &'a str) -> BoxFuture<'a, Result<()>> {
///         self.0.lock().unwrap().insert(name.into(), value.into());
///         Box::pin(async { Ok(()) })
///     }
///     fn was_used(&self, _: &HttpRequest) -> bool {
///         !self.0.lock().unwrap().is_empty()
///     }
/// }
///
/// let site = Site::placeholder();
/// SharedSessions::share(&Setup::new(&site), OneSession::default());
/// assert!(site.extensions().get::<SharedSessions>().is_some());
/// ```
pub trait SessionValues: Send + Sync {
    /// The text that stands under this name in the request's session; none if there is none.
    fn get<'a>(&'a self, request: &'a HttpRequest, name: &'a str) -> BoxFuture<'a, Result<Option<String>>>;

    /// Puts text under this name.
    fn set<'a>(
        &'a self,
        request: &'a HttpRequest,
        name: &'a str,
        value: &'a str,
    ) -> BoxFuture<'a, Result<()>>;

    /// Has anything looked into the request's session, or changed it? Then the answer is for this visitor alone.
    fn was_used(&self, request: &HttpRequest) -> bool;
}

/// The sessions of an application, as its site keeps them.
#[derive(Clone)]
pub struct SharedSessions(Arc<dyn SessionValues>);

impl SharedSessions {
    /// Makes these sessions known to the middleware of a site; only the first call counts.
    pub fn share(setup: &Setup<'_>, sessions: impl SessionValues + 'static) {
        setup.site().extensions().get_or_insert_with(|| Self(Arc::new(sessions)));
    }

    pub(crate) fn of(request: &HttpRequest) -> Option<&dyn SessionValues> {
        request.site().extensions().get::<Self>().map(|shared| &*shared.0)
    }
}
