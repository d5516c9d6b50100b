//! Does a request come from a page of this site?

use std::borrow::Cow;

use nuages_http::host::is_same_domain;
use nuages_http::url_split::{SplitUrl, urlsplit};
use nuages_http::{DontEnforceCsrfChecks, Error, ErrorKind, HttpRequest, Method, Result};

use super::origins::TrustedOrigins;
use super::reason::{CsrfReason, TokenFault};
use super::state::{CsrfState, secret_of_cookie, secret_of_session, shared};
use super::token::Secret;
use crate::sessions::SessionValues;

/// The name of the form's field.
const FIELD: &str = "csrfmiddlewaretoken";

/// What a check came to.
pub(crate) enum Verdict {
    Accepted,
    Refused(CsrfReason),
}

/// Can the request change nothing, by RFC 9110? Anything that is not known to be safe needs protection.
pub(crate) fn is_safe(request: &HttpRequest) -> bool {
    [Method::GET, Method::HEAD, Method::OPTIONS, Method::TRACE].contains(&request.method)
}

/// Checks a request; one that was found good before, by an outer layer, is not checked again.
///
/// # Errors
/// A body or a session that cannot be read.
pub(crate) async fn check(request: &HttpRequest) -> Result<Verdict> {
    if is_safe(request) || CsrfState::was_accepted(request) {
        return Ok(Verdict::Accepted);
    }
    let in_test = request.http_extensions().get::<DontEnforceCsrfChecks>().is_some();
    if !in_test {
        if let Err(reason) = check_origin(request) {
            return Ok(Verdict::Refused(reason));
        }
        if let Err(reason) = check_token(request).await? {
            return Ok(Verdict::Refused(reason));
        }
    }
    CsrfState::accept(request);
    Ok(Verdict::Accepted)
}

fn check_origin(request: &HttpRequest) -> Result<(), CsrfReason> {
    match request.headers.get("origin") {
        Some(origin) if is_good_origin(request, &origin) => Ok(()),
        Some(origin) => Err(CsrfReason::BadOrigin(origin.into_owned())),
        // Over HTTPS an attacker on the way could have set the cookie by a plain page; but not the Referer.
        None if request.is_secure() => check_referer(request),
        None => Ok(()),
    }
}

fn is_good_origin(request: &HttpRequest, origin: &str) -> bool {
    let own = request.get_host().is_ok_and(|host| {
        let rest = origin.strip_prefix(request.scheme).and_then(|rest| rest.strip_prefix("://"));
        rest == Some(&*host)
    });
    own || TrustedOrigins::of(request).trusts_origin(origin)
}

fn check_referer(request: &HttpRequest) -> Result<(), CsrfReason> {
    let referer = request.headers.get("referer").ok_or(CsrfReason::NoReferer)?;
    let referer = urlsplit(&referer).map_err(|_| CsrfReason::MalformedReferer)?;
    if referer.scheme.is_empty() || referer.netloc.is_empty() {
        return Err(CsrfReason::MalformedReferer);
    }
    if referer.scheme != "https" {
        return Err(CsrfReason::InsecureReferer);
    }
    if TrustedOrigins::of(request).trusts_host(&referer.netloc) {
        return Ok(());
    }
    match own_host(request) {
        Some(own) if is_same_domain(&referer.netloc, &own) => Ok(()),
        _ => Err(CsrfReason::BadReferer(text_of(&referer))),
    }
}

/// The domain of the cookie, if it has one, or the host that was asked.
fn own_host(request: &HttpRequest) -> Option<Cow<'_, str>> {
    let settings = request.settings();
    let domain = if settings.CSRF_USE_SESSIONS {
        &settings.SESSION_COOKIE_DOMAIN
    } else {
        &settings.CSRF_COOKIE_DOMAIN
    };
    let Some(domain) = domain else { return request.get_host().ok() };
    let port = request.get_port();
    Some(match &*port {
        "443" | "80" => Cow::Borrowed(domain),
        port => Cow::Owned(format!("{domain}:{port}")),
    })
}

/// A URL with a host, as Python's `geturl` puts it together.
fn text_of(url: &SplitUrl) -> String {
    let SplitUrl { scheme, netloc, path, query, fragment } = url;
    let slash = if path.is_empty() || path.starts_with('/') { "" } else { "/" };
    let mut text = format!("{scheme}://{netloc}{slash}{path}");
    for (mark, part) in [('?', query), ('#', fragment)] {
        if !part.is_empty() {
            text.push(mark);
            text.push_str(part);
        }
    }
    text
}

async fn check_token(request: &HttpRequest) -> Result<Result<(), CsrfReason>> {
    // Of the cookie itself: an inner layer may have rotated the token since.
    let secret = if request.settings().CSRF_USE_SESSIONS {
        secret_of_session(request).await?
    } else {
        match secret_of_cookie(request) {
            Ok(secret) => secret,
            Err(format) => return Ok(Err(CsrfReason::BadCookie(format.into()))),
        }
    };
    let Some(secret) = secret else { return Ok(Err(CsrfReason::NoCookie)) };
    let field = field(request).await?;
    if !field.is_empty() {
        return Ok(compare(&secret, &field, None));
    }
    let name = &request.settings().CSRF_HEADER_NAME;
    Ok(match request.META.get(name) {
        Some(token) => compare(&secret, &token, Some(name)),
        None => Err(CsrfReason::TokenMissing),
    })
}

/// The token of the form; empty if the body is no form, or broke off.
async fn field(request: &HttpRequest) -> Result<String> {
    if request.method != Method::POST {
        return Ok(String::new());
    }
    match request.POST().await {
        Ok(form) => Ok(form.get(FIELD).unwrap_or("").to_owned()),
        Err(error) if error.kind() == ErrorKind::UnreadableBody => Ok(String::new()),
        Err(error) => Err(error),
    }
}

fn compare(secret: &Secret, token: &str, header: Option<&str>) -> Result<(), CsrfReason> {
    let fault = match secret.matches(token) {
        Ok(true) => return Ok(()),
        Ok(false) => TokenFault::Incorrect,
        Err(format) => format.into(),
    };
    Err(CsrfReason::BadToken { header: header.map(header_name), fault })
}

/// `HTTP_X_CSRFTOKEN` as the header that it is: `X-Csrftoken`.
fn header_name(variable: &str) -> String {
    let mut start = true;
    let name = variable.strip_prefix("HTTP_").unwrap_or(variable);
    let letters = name.chars().map(|letter| {
        let letter = if start { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() };
        start = letter == '_';
        if start { '-' } else { letter }
    });
    letters.collect()
}

/// Where CSRF_USE_SESSIONS keeps the secret.
pub(super) fn sessions(request: &HttpRequest) -> Result<&dyn SessionValues> {
    shared(request).ok_or_else(|| {
        Error::new(
            ErrorKind::ImproperlyConfigured,
            "CSRF_USE_SESSIONS needs sessions: add .middleware(SessionMiddleware::new()) before CsrfViewMiddleware",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_headers() {
        assert_eq!(header_name("HTTP_X_CSRFTOKEN"), "X-Csrftoken");
        assert_eq!(header_name("HTTP_X_MY_TOKEN"), "X-My-Token");
    }

    #[test]
    fn urls_are_put_together_again() {
        for url in ["https://evil.com/", "https://evil.com", "https://e/a?b=c#d", "https://u@e:1/?x"] {
            assert_eq!(text_of(&urlsplit(url).unwrap()), url);
        }
    }
}
