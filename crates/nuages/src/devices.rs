//! "Your devices": a page on which a user sees his sessions and ends them.
//!
//! It needs SESSION_INDEX, and a login that keeps the user's id in the session under
//! [`AUTH_USER_KEY`], as Django's does. Mount it where you like:
//!
//! ```
//! use nuages::devices;
//! use nuages::prelude::*;
//!
//! # fn index() {}
//! let urls = urlconf([path("account/devices/", include(devices::urls()))]);
//! # let _ = urls;
//! ```
//!
//! For a page in your own style use [`UserSessions`], which this one is made of.

use nuages_http::{Error, ErrorKind, HttpRequest, HttpResponse, Result, redirect};
use nuages_middleware::csrf::get_token;
use nuages_sessions::{AUTH_USER_KEY, RequestSession, SessionEngine, UserSession, UserSessions};
use nuages_signing::{Signer, constant_time_compare};

use crate::escape::escape;
use crate::urlconf::{UrlConf, path, urlconf};

const STYLE: &str = include_str!("stock_page.css");

/// What the forms are signed for.
const SALT: &str = "nuages.devices";

/// The page, named `devices`: a list, a button for each session, and one for all others.
pub fn urls() -> UrlConf {
    urlconf([path("", devices).name("devices")])
}

/// Who asks, and what there is to show.
struct Visit {
    user: String,
    sessions: UserSessions,
    listed: Vec<UserSession>,
    token: String,
}

async fn devices(request: HttpRequest) -> Result {
    let mut visit = visit(&request).await?;
    match request.method.as_str() {
        "GET" | "HEAD" => page(&request, &visit),
        "POST" => {
            end(&request, &mut visit).await?;
            redirect(request.path.to_string())
        }
        _ => Ok(HttpResponse::not_allowed(["GET", "HEAD", "POST"])),
    }
}

async fn visit(request: &HttpRequest) -> Result<Visit> {
    let session = request.session().await?;
    let forbidden = || Error::new(ErrorKind::PermissionDenied, "log in to see your devices");
    let user = session.get::<serde_json::Value>(AUTH_USER_KEY)?.and_then(|user| match user {
        serde_json::Value::String(text) => Some(text),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    });
    let (user, key) = user.zip(session.session_key()).ok_or_else(forbidden)?;
    let engine = request.site().extensions().get::<SessionEngine>();
    let sessions = engine.and_then(SessionEngine::user_sessions).ok_or_else(|| {
        let message =
            "the page of devices needs the index of sessions; set SESSION_INDEX and run the command migrate";
        Error::new(ErrorKind::ImproperlyConfigured, message)
    })?;
    let listed = sessions.list(&user, Some(&key)).await?;
    // Nobody else knows the key, so nobody else can make this.
    let token = Signer::new(request.settings().secret_keys()).salt(SALT).signature(key.as_str());
    Ok(Visit { user, sessions, listed, token })
}

/// Ends what the form names: a session by its id, or `others`.
async fn end(request: &HttpRequest, visit: &mut Visit) -> Result<()> {
    let form = request.POST().await?;
    let token = form.get("token").unwrap_or_default();
    if !constant_time_compare(token.as_bytes(), visit.token.as_bytes()) {
        return Err(Error::new(ErrorKind::PermissionDenied, "the form is not from this page, or is too old"));
    }
    match form.get("end").unwrap_or_default() {
        "others" => {
            let key = request.session().await?.session_key();
            visit.sessions.end_all(&visit.user, key.as_ref()).await?;
        }
        id => {
            let of_this = visit.listed.iter().any(|session| session.current && session.id == id);
            if of_this {
                request.session_handle()?.flush();
            } else {
                visit.sessions.end(&visit.user, id).await?;
            }
        }
    }
    Ok(())
}

fn page(request: &HttpRequest, visit: &Visit) -> Result {
    // The page's own token holds without CsrfViewMiddleware; where that one is, it wants its own.
    let (token, csrf) = (escape(&visit.token), get_token(request));
    let button = |value: &str, label: &str| {
        format!(
            "<form method=\"post\"><input type=\"hidden\" name=\"token\" value=\"{token}\">\
             <input type=\"hidden\" name=\"csrfmiddlewaretoken\" value=\"{csrf}\"><button name=\"end\" value=\"{}\">{label}</button></form>",
            escape(value)
        )
    };
    let row = |session: &UserSession| {
        let here = if session.current { " <strong>(this one)</strong>" } else { "" };
        let agent = if session.agent.is_empty() { "unknown browser" } else { &session.agent };
        format!(
            "<li>{}{here}<br><small>{} · since {} · last used {}</small>{}</li>",
            escape(agent),
            escape(if session.ip.is_empty() { "unknown address" } else { &session.ip }),
            session.created.format("%Y-%m-%d %H:%M UTC"),
            session.last_seen.format("%Y-%m-%d %H:%M UTC"),
            button(&session.id, "Log out")
        )
    };
    let rows: String = visit.listed.iter().map(row).collect();
    let others = visit.listed.iter().any(|session| !session.current);
    let all = if others { button("others", "Log out all others") } else { String::new() };
    let response = HttpResponse::new(format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <link rel=\"icon\" href=\"data:,\"><title>Your devices</title><style>{STYLE}</style></head>\
         <body><main><h1>Your devices</h1><ul>{rows}</ul>{all}</main></body></html>\n"
    ));
    Ok(response.with_header("Cache-Control", "no-store")?)
}
