//! The secret of one request, and what becomes of it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use nuages_http::{HttpRequest, HttpResponse, Result};

use super::token::{BadFormat, Secret};
use crate::sessions::SharedSessions;

/// The name of the secret in the session.
pub(super) const SESSION_NAME: &str = "_csrftoken";

/// The token for a form of this page (`django.middleware.csrf.get_token`): letters and digits, another one each time.
///
/// The answer then carries the cookie that it is compared with, or the session holds it, and says `Vary: Cookie`. That is
/// the work of [`CsrfViewMiddleware`](super::CsrfViewMiddleware) or of one of the decorators, so one of them must be there.
///
/// ```
/// use nuages_http::HttpRequest;
/// use nuages_middleware::csrf::get_token;
/// let request = HttpRequest::test("GET", "/form/").build();
/// let (one, other) = (get_token(&request), get_token(&request));
/// assert!(one.len() == 64 && other.len() == 64 && one != other, "both are good");
/// ```
#[must_use]
#[doc(alias = "csrf_token")]
#[doc(alias = "csrfmiddlewaretoken")]
pub fn get_token(request: &HttpRequest) -> String {
    let mut state = CsrfState::of(request).lock();
    // Sent again even if the visitor has it, so that its age begins anew.
    state.needs_update = true;
    state.secret.get_or_insert_with(Secret::random).masked()
}

/// Draws a new secret (`django.middleware.csrf.rotate_token`): what a login does, so that a token from before it is worth
/// nothing.
///
/// ```
/// use nuages_http::HttpRequest;
/// use nuages_middleware::csrf::{get_token, rotate_token};
///
/// let request = HttpRequest::test("POST", "/login/").build();
/// let before = get_token(&request);
/// rotate_token(&request);
/// assert_ne!(get_token(&request), before);
/// ```
pub fn rotate_token(request: &HttpRequest) {
    CsrfState::of(request).lock().renew();
}

/// Kept on a request once somebody asks for its token.
pub(crate) struct CsrfState {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    secret: Option<Secret>,
    /// Must the answer carry the cookie?
    needs_update: bool,
    /// Was the request found good before, by another layer?
    checked: bool,
}

impl State {
    fn renew(&mut self) {
        self.secret = Some(Secret::random());
        self.needs_update = true;
    }
}

impl CsrfState {
    pub(super) fn of(request: &HttpRequest) -> &Self {
        request.extensions().get_or_insert_with(|| {
            let mut state = State::default();
            if !request.settings().CSRF_USE_SESSIONS {
                match secret_of_cookie(request) {
                    Ok(secret) => state.secret = secret,
                    Err(_) => state.renew(),
                }
            }
            Self { state: Mutex::new(state) }
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks for the secret when a request comes in. A request without a cookie costs nothing; one whose cookie is damaged
    /// gets another; a session has to be read, as Django does.
    pub(crate) async fn begin(request: &HttpRequest) -> Result<()> {
        if request.settings().CSRF_USE_SESSIONS {
            let secret = secret_of_session(request).await?;
            Self::of(request).lock().secret = secret;
        } else if secret_of_cookie(request).is_err() {
            Self::of(request);
        }
        Ok(())
    }

    /// Keeps the secret where the settings say, if the request has asked for it.
    pub(crate) async fn finish(request: &HttpRequest, response: &mut HttpResponse) -> Result<()> {
        let Some(kept) = request.extensions().get::<Self>() else { return Ok(()) };
        let secret = {
            let mut state = kept.lock();
            match (std::mem::take(&mut state.needs_update), &state.secret) {
                (true, Some(secret)) => secret.clone(),
                _ => return Ok(()),
            }
        };
        let settings = request.settings();
        if settings.CSRF_USE_SESSIONS {
            let sessions = super::check::sessions(request)?;
            if sessions.get(request, SESSION_NAME).await?.as_deref() != Some(secret.as_str()) {
                sessions.set(request, SESSION_NAME, secret.as_str()).await?;
            }
            return Ok(());
        }
        let cookie = response.set_cookie(&settings.CSRF_COOKIE_NAME, secret.as_str());
        let cookie = match settings.CSRF_COOKIE_AGE {
            Some(age) => cookie.max_age(age),
            None => cookie,
        };
        cookie
            .domain(settings.CSRF_COOKIE_DOMAIN.as_deref())
            .path(&settings.CSRF_COOKIE_PATH)
            .secure(settings.CSRF_COOKIE_SECURE)
            .http_only(settings.CSRF_COOKIE_HTTPONLY)
            .same_site(settings.CSRF_COOKIE_SAMESITE.0);
        response.patch_vary(&["Cookie"]);
        Ok(())
    }

    pub(super) fn accept(request: &HttpRequest) {
        Self::of(request).lock().checked = true;
    }

    pub(super) fn was_accepted(request: &HttpRequest) -> bool {
        request.extensions().get::<Self>().is_some_and(|kept| kept.lock().checked)
    }

    /// Was the token given to the page? Then the page is for this visitor alone.
    pub(crate) fn was_asked(request: &HttpRequest) -> bool {
        request.extensions().get::<Self>().is_some_and(|kept| kept.lock().needs_update)
    }
}

/// The secret that came with the request; none without a cookie.
pub(super) fn secret_of_cookie(request: &HttpRequest) -> Result<Option<Secret>, BadFormat> {
    match request.COOKIES.get(&request.settings().CSRF_COOKIE_NAME) {
        Some(text) => Secret::parse(&text).map(Some),
        None => Ok(None),
    }
}

/// The secret of the session; what is none is taken for absent, since nobody but this site writes there.
pub(super) async fn secret_of_session(request: &HttpRequest) -> Result<Option<Secret>> {
    let text = super::check::sessions(request)?.get(request, SESSION_NAME).await?;
    Ok(text.and_then(|text| Secret::parse(&text).ok()))
}

/// The sessions of the application.
pub(super) fn shared(request: &HttpRequest) -> Option<&dyn crate::sessions::SessionValues> {
    SharedSessions::of(request)
}
