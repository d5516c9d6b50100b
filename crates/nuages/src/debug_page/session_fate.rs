//! Whether the session was saved, and why or why not.

use nuages_http::{ErrorKind, HttpRequest, HttpResponse};
use nuages_sessions::SessionHandle;

use super::report::{Row, Section, Tone};

pub(super) fn section(request: &HttpRequest, response: &HttpResponse, kind: ErrorKind) -> Section {
    let Some(handle) = request.extensions().get::<SessionHandle>() else {
        let text = "There is no session: no SessionMiddleware has run, because none is installed, or because a \
                    middleware outside of it has answered.";
        return Section::new("Session").note(text);
    };
    let (tone, text) = why(request, response, handle, kind);
    let mut section = Section::new("Session").row(Row::new("saved", text).tone(tone));
    let yes_no = |yes: bool| if yes { "yes" } else { "no" };
    section = section
        .row(Row::new("used", yes_no(handle.accessed())))
        .row(Row::new("modified", yes_no(handle.modified())))
        .row(Row::new("has a key", yes_no(handle.session_key().is_some())));
    if let Some(session) = handle.loaded() {
        let names: Vec<String> = session.keys().into_iter().map(|name| format!("{name:?}")).collect();
        let names = if names.is_empty() { "(none)".to_owned() } else { names.join(", ") };
        section = section.row(Row::new("names in it", names));
    }
    section
}

fn why(
    request: &HttpRequest,
    response: &HttpResponse,
    handle: &SessionHandle,
    kind: ErrorKind,
) -> (Tone, &'static str) {
    let settings = request.settings();
    let name = &settings.SESSION_COOKIE_NAME;
    if kind == ErrorKind::SessionInterrupted {
        return (
            Tone::Bad,
            "No: it was deleted while this request ran, by a logout elsewhere for example, and what ended stays ended.",
        );
    }
    let sent = response.cookies().get(name);
    if response.status().is_server_error() {
        return match (handle.modified(), handle.accessed()) {
            (true, _) => (Tone::Warn, "No: it was modified, but an answer of status 5xx saves nothing."),
            (false, true) => {
                (Tone::Plain, "No: it was read, not modified; and an answer of status 5xx saves nothing.")
            }
            (false, false) => (Tone::Plain, "No: nobody has used it."),
        };
    }
    if sent.is_some() && handle.is_empty() {
        return (Tone::Plain, "No: it is empty, and the browser is told to forget its cookie.");
    }
    if sent.is_some() {
        return (Tone::Good, "Yes, and its cookie is sent.");
    }
    match (handle.modified(), handle.accessed(), handle.is_empty()) {
        (true, _, true) => (Tone::Plain, "No: it is empty, and an empty session is not kept."),
        (true, _, false) => (
            Tone::Warn,
            "No: it was modified, but SessionMiddleware has not seen the answer; a middleware has replaced it.",
        ),
        (false, true, _) => (
            Tone::Plain,
            "No: it was read, not modified. A value that is changed in place has to be set again, or say \
             session.set_modified(true).",
        ),
        (false, false, _) => (Tone::Plain, "No: nobody has used it."),
    }
}
