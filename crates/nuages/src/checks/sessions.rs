//! Can sessions be kept where the settings say?

use nuages_cookies::ResponseCookies;
use nuages_http::Settings;
use nuages_sessions::EngineName;

use super::{Message, Subject};

pub(super) fn check(subject: &Subject<'_>) -> Vec<Message> {
    if !subject.has_sessions() {
        return Vec::new();
    }
    let settings = subject.settings;
    let mut messages = Vec::new();
    match settings.SESSION_ENGINE.parse() {
        Err(error) => messages.push(Message::error("sessions.E001", error, "correct SESSION_ENGINE")),
        Ok(EngineName::File) => messages.extend(folder(settings)),
        Ok(_) => {}
    }
    messages.extend(cookie(settings));
    messages
}

fn folder(settings: &Settings) -> Option<Message> {
    let path = settings.SESSION_FILE_PATH.as_deref()?;
    (!std::path::Path::new(path).is_dir()).then(|| {
        Message::error(
            "sessions.E002",
            format_args!("SESSION_FILE_PATH names the folder {path:?}, which does not exist"),
            "make the folder, or correct the setting",
        )
    })
}

/// A cookie that would be refused with every response.
fn cookie(settings: &Settings) -> Option<Message> {
    let mut cookies = ResponseCookies::default();
    let _guard = cookies
        .set(&settings.SESSION_COOKIE_NAME, "x")
        .path(settings.SESSION_COOKIE_PATH.as_str())
        .domain(settings.SESSION_COOKIE_DOMAIN.as_deref())
        .secure(settings.SESSION_COOKIE_SECURE)
        .same_site(settings.SESSION_COOKIE_SAMESITE.0);
    cookies.check().err().map(|error| {
        Message::error(
            "sessions.E003",
            format_args!("the session cookie cannot be written: {error}"),
            "correct SESSION_COOKIE_NAME, SESSION_COOKIE_PATH or SESSION_COOKIE_DOMAIN",
        )
    })
}
