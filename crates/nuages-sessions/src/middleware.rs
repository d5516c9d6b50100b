//! `SessionMiddleware`: a session for every request, saved at its end.

use std::sync::OnceLock;

use nuages_cache::{CacheFront, Caches};
use nuages_db::Database;
use nuages_http::{Error, ErrorKind, HttpRequest, HttpResponse, Result};
use nuages_middleware::{Middleware, Next, Setup, SetupError};

use crate::outcome::{Committed, CookieChange};
use crate::request_ext::into_error;
use crate::user_sessions::{Client, Index};
use crate::{Backends, EngineName, SessionEngine, SessionError, SessionHandle, SessionKey};

/// Gives every request its session and saves it at the end
/// (`django.contrib.sessions.middleware.SessionMiddleware`).
///
/// The engine is the one that `SESSION_ENGINE` names, unless [`with_engine`](Self::with_engine) gives another. The
/// session is read when a view asks for it, and saved if it was modified and the answer is no 5xx; a response that
/// used it says `Vary: Cookie`.
#[derive(Default)]
#[doc(alias = "django.contrib.sessions")]
pub struct SessionMiddleware {
    engine: OnceLock<SessionEngine>,
}

impl SessionMiddleware {
    /// With the engine of the settings.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With an engine of one's own.
    #[must_use]
    pub fn with_engine(engine: SessionEngine) -> Self {
        Self { engine: OnceLock::from(engine) }
    }
}

impl Middleware for SessionMiddleware {
    async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
        let Some(engine) = self.engine.get() else {
            let message = "SessionMiddleware has not been set up: build the application with App::build()";
            return Err(Error::new(ErrorKind::ImproperlyConfigured, message));
        };
        let (key, cookie_sent, sent) = {
            let sent = request.COOKIES.get(&engine.config().cookie_name);
            let indexed = engine.index().and(sent.as_deref()).and_then(SessionKey::new);
            let indexed = indexed.filter(SessionKey::is_well_formed);
            (engine.session(sent.as_deref()), sent.is_some(), indexed)
        };
        // Clones share extensions, so this one sees what the view did.
        let kept = request.clone();
        let session = kept.extensions().get_or_insert_with(|| key);
        let mut response = next.run(request).await;
        let committed = session.commit(cookie_sent, response.status().as_u16()).await.map_err(into_error)?;
        if let Some(index) = engine.index() {
            match Box::pin(note(index, sent, session, &kept)).await {
                // That it was used may be forgotten.
                Err(error) if committed.cookie == CookieChange::Keep => {
                    tracing::warn!(target: "nuages.sessions", "the index of sessions was not written: {error}");
                }
                // A session that the index does not have could not be ended everywhere: its cookie is not sent.
                noted => noted.map_err(into_error)?,
            }
        }
        apply(&committed, engine, &mut response);
        Ok(response)
    }

    fn setup(&mut self, setup: &Setup<'_>) -> Result<(), SetupError> {
        if self.engine.get().is_none() {
            let engine = engine_of(setup)?;
            self.engine = OnceLock::from(engine);
        }
        if let Some(engine) = self.engine.get() {
            setup.site().extensions().get_or_insert_with(|| engine.clone());
        }
        Ok(())
    }

    fn provides(&self) -> &[&'static str] {
        &["sessions"]
    }
}

/// Writes down in the index whose session this is, and from where it was used.
async fn note(
    index: &Index,
    sent: Option<SessionKey>,
    session: &SessionHandle,
    request: &HttpRequest,
) -> Result<(), SessionError> {
    let ip = request.META.get("REMOTE_ADDR").unwrap_or_default();
    let agent = request.META.get("HTTP_USER_AGENT").unwrap_or_default();
    index.note(sent, session, &Client { ip: &ip, agent: &agent }).await
}

/// The engine of the settings; the database and the cache are shared with the rest of the site.
fn engine_of(setup: &Setup<'_>) -> Result<SessionEngine, SetupError> {
    let failed = |error: &dyn std::fmt::Display| SetupError::new(error.to_string());
    let (settings, shared) = (setup.settings(), setup.site().extensions());
    let name: EngineName = settings.SESSION_ENGINE.parse().map_err(|error| failed(&error))?;
    let mut backends = Backends::default();
    if name.needs_database() || settings.SESSION_INDEX {
        let database = match shared.get::<Database>() {
            Some(database) => database.clone(),
            None => Database::connect(settings.DATABASE_URL.as_str()).map_err(|error| failed(&error))?,
        };
        backends.database = Some(shared.get_or_insert_with(|| database).clone());
    }
    if name.needs_cache() {
        let caches = match shared.get::<Caches>() {
            Some(caches) => caches.clone(),
            None => {
                let front =
                    CacheFront::connect(settings.CACHE_URL.as_str()).map_err(|error| failed(&error))?;
                Caches::new(front.key_prefix(&settings.CACHE_KEY_PREFIX).version(settings.CACHE_VERSION))
            }
        };
        backends.caches = Some(shared.get_or_insert_with(|| caches).clone());
    }
    SessionEngine::from_settings(settings, &backends).map_err(|error| failed(&error))
}

/// Tells the browser, in Django's way.
fn apply(committed: &Committed, engine: &SessionEngine, response: &mut HttpResponse) {
    let config = engine.config();
    match &committed.cookie {
        CookieChange::Keep => {}
        CookieChange::Delete => {
            response
                .delete_cookie(&config.cookie_name)
                .path(&config.cookie_path)
                .domain(config.cookie_domain.as_deref())
                .same_site(config.cookie_samesite);
        }
        CookieChange::Set { key, lifetime } => {
            let cookie = response.set_cookie(&config.cookie_name, key.as_str());
            let cookie = match lifetime {
                // Expires follows from it when the cookie is written.
                Some((age, _)) => cookie.max_age(*age),
                None => cookie,
            };
            cookie
                .path(&config.cookie_path)
                .domain(config.cookie_domain.as_deref())
                .secure(config.cookie_secure)
                .http_only(config.cookie_httponly)
                .same_site(config.cookie_samesite);
        }
    }
    if committed.vary {
        response.patch_vary(&["Cookie"]);
    }
}
