//! Can sessions be kept where the settings say? What their engine needs was checked when it was made.

use nuages_cookies::ResponseCookies;
use nuages_sessions::{SessionConfig, SessionEngine};

use super::Message;
use crate::application::Application;

pub(super) fn check(application: &Application) -> Option<Message> {
    cookie(application.site().extensions().get::<SessionEngine>()?.config())
}

/// A cookie that would be refused with every response.
fn cookie(config: &SessionConfig) -> Option<Message> {
    let mut cookies = ResponseCookies::default();
    let _guard = cookies
        .set(&config.cookie_name, "x")
        .path(&config.cookie_path)
        .domain(config.cookie_domain.as_deref())
        .secure(config.cookie_secure)
        .same_site(config.cookie_samesite);
    cookies.check().err().map(|error| {
        Message::error(
            "sessions.E001",
            format_args!("the session cookie cannot be written: {error}"),
            "correct SESSION_COOKIE_NAME, SESSION_COOKIE_PATH or SESSION_COOKIE_DOMAIN",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_that_cannot_be_written() {
        let good = SessionConfig::default();
        assert_eq!(cookie(&good), None);
        let table = [
            SessionConfig { cookie_name: "session id".to_owned(), ..good.clone() },
            SessionConfig { cookie_path: "/;x".to_owned(), ..good.clone() },
            SessionConfig { cookie_domain: Some("a;b".to_owned()), ..good.clone() },
            SessionConfig { cookie_name: "__Host-id".to_owned(), cookie_path: "/a".to_owned(), ..good },
        ];
        for config in table {
            assert!(cookie(&config).is_some(), "{config:?}");
        }
    }
}
