//! The request: what it asked for, and what came along.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use nuages_http::host::split_domain_port;
use nuages_http::{HttpRequest, HttpResponse, Method};

use super::cookie_fate::{Place, fate};
use super::mask::{MASKED, Mask, is_telling};
use super::report::{Row, Section, Tone};

/// The form of a request whose view has not read it may never come.
const PATIENCE: Duration = Duration::from_millis(200);

pub(super) fn line(request: &HttpRequest, mask: &Mask) -> Section {
    let mut section = Section::new("Request")
        .row(Row::new("method", request.method.as_str()))
        .row(Row::new("path", mask.hide(&request.path)))
        .row(Row::new("scheme", request.scheme))
        .row(Row::new("HTTP", format!("{:?}", request.version())));
    if let Some(matched) = request.resolver_match() {
        section = section
            .row(Row::new("route", format!("'{}'", matched.route())))
            .row(Row::new("view", matched.view()))
            .row(Row::new("name", matched.view_name()));
    }
    section
}

pub(super) fn query(request: &HttpRequest, mask: &Mask) -> Section {
    fields("GET", request.GET.lists(), mask)
}

/// The form, if there is one and it can be had.
pub(super) async fn form(request: &HttpRequest, mask: &mut Mask) -> Option<Section> {
    let is_form = matches!(
        &*request.content_type.to_string(),
        "application/x-www-form-urlencoded" | "multipart/form-data"
    );
    if request.method != Method::POST || !is_form {
        return None;
    }
    let post = tokio::time::timeout(PATIENCE, request.POST()).await.ok()?.ok()?;
    for (_, values) in post.lists().filter(|(name, _)| is_telling(name)) {
        values.iter().for_each(|value| mask.learn(value));
    }
    Some(fields("POST", post.lists(), mask))
}

fn fields<'a>(
    title: &'static str,
    lists: impl Iterator<Item = (&'a str, &'a [String])>,
    mask: &Mask,
) -> Section {
    let mut section = Section::new(title);
    for (name, values) in lists {
        for value in values {
            section = section.row(Row::new(mask.hide(name), mask.value(name, value)));
        }
    }
    section
}

pub(super) fn headers(request: &HttpRequest, mask: &Mask) -> Section {
    request.headers.iter().fold(Section::new("Headers").folded(), |section, (name, value)| {
        let value = mask.value(&name, &value);
        section.row(Row::new(name, value))
    })
}

/// The cookies that came: names alone.
pub(super) fn cookies_sent(request: &HttpRequest) -> Section {
    let settings = request.settings();
    request.COOKIES.iter().fold(Section::new("Cookies that the browser sent"), |section, (name, value)| {
        let what = if *name == *settings.SESSION_COOKIE_NAME {
            "the session"
        } else if *name == *settings.CSRF_COOKIE_NAME {
            "the CSRF token"
        } else {
            "a cookie"
        };
        section.row(Row::new(name, format!("{MASKED} ({what}, {} bytes)", value.len())))
    })
}

/// The cookies of the response, and what a browser does with each.
pub(super) fn cookies_set(request: &HttpRequest, response: &HttpResponse) -> Section {
    let section = Section::new("Cookies that this answer sets");
    let host = request.get_host().unwrap_or_default();
    let (domain, _) = split_domain_port(&host);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let place = Place {
        https: request.is_secure(),
        host: &domain,
        path: &request.path,
        now: i64::try_from(now).unwrap_or(i64::MAX),
    };
    let mut lines = Vec::new();
    if let Err(error) = response.cookies().write(request.site().cookie_signer(), |line| lines.push(line)) {
        return section.row(Row::new("error", format!("None is sent: {error}.")).tone(Tone::Bad));
    }
    lines.iter().map(|line| fate(line, &place)).fold(section, |section, fate| {
        let mut text = fate.notes.join(" ");
        if !fate.attributes.is_empty() {
            text.push_str(&format!("\n{}", fate.attributes));
        }
        section.row(Row::new(fate.name, text).tone(fate.tone))
    })
}
