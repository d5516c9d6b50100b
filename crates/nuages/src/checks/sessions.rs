//! Can sessions be kept where the settings say? What their engine needs was checked when it was made.

use nuages_cache::CacheBackend;
use nuages_cookies::ResponseCookies;
use nuages_db::{Database, DbErrorKind};
use nuages_http::Settings;
use nuages_sessions::{EngineName, SessionConfig, SessionEngine};

use super::Message;
use crate::application::Application;
use crate::error_chain::chain;
use crate::site_caches;

pub(super) async fn check(application: &Application) -> Vec<Message> {
    let site = application.site();
    let Some(engine) = site.extensions().get::<SessionEngine>() else { return Vec::new() };
    let mut messages = settings(site.settings());
    messages.extend(cookie(engine.config()));
    if let (true, Some(database)) = (engine.user_sessions().is_some(), site.extensions().get::<Database>()) {
        messages.extend(index(database).await);
    }
    messages
}

/// Settings that contradict each other.
fn settings(settings: &Settings) -> Vec<Message> {
    // One that is not known was found when the application was built.
    let Ok(engine) = settings.SESSION_ENGINE.parse::<EngineName>() else { return Vec::new() };
    let mut messages = Vec::new();
    if engine.needs_cache() {
        messages.extend(cache(settings, engine));
    }
    if engine == EngineName::SignedCookies {
        let useless =
            [("SESSION_HASH_KEYS", settings.SESSION_HASH_KEYS), ("SESSION_INDEX", settings.SESSION_INDEX)];
        messages.extend(useless.into_iter().filter(|(_, set)| *set).map(|(name, _)| {
            Message::warning(
                "sessions.W002",
                format_args!(
                    "{name} does nothing with the engine signed_cookies, which keeps nothing on the server"
                ),
                "use another SESSION_ENGINE, or leave it out",
            )
        }));
    }
    if settings.SESSION_SWEEP_INTERVAL.is_some()
        && matches!(engine, EngineName::Cache | EngineName::SignedCookies)
    {
        messages.push(Message::warning(
            "sessions.W003",
            format_args!("SESSION_SWEEP_INTERVAL does nothing with the engine {engine}, whose sessions end by themselves"),
            "leave it out",
        ));
    }
    messages
}

/// A cache that cannot hold sessions.
fn cache(settings: &Settings, engine: EngineName) -> Option<Message> {
    let alias = &settings.SESSION_CACHE_ALIAS;
    let caches = site_caches::configured(settings).ok()?;
    let cache = caches.into_iter().find(|cache| cache.alias == *alias)?;
    match (cache.config.backend(), engine) {
        (CacheBackend::Dummy, EngineName::Cache) => Some(Message::error(
            "sessions.E002",
            format_args!("sessions are kept in the cache {alias}, which keeps nothing"),
            "name another cache in SESSION_CACHE_ALIAS",
        )),
        (CacheBackend::Locmem, EngineName::CachedDb) => Some(Message::warning(
            "sessions.W001",
            format_args!(
                "cached_db reads through the cache {alias}, of which each process has its own: what one process ends, another one may still serve"
            ),
            "use Redis or memcached, or the engine db",
        )),
        _ => None,
    }
}

/// Is the table of the index there?
async fn index(database: &Database) -> Option<Message> {
    let error = database.session_index().list(None, 1, 0).await.err()?;
    Some(match error.kind() {
        DbErrorKind::MissingTable => Message::warning(
            "sessions.W004",
            "the database lacks the index of sessions",
            "run the command `migrate`",
        ),
        _ => Message::error(
            "sessions.E003",
            format_args!("the index of sessions cannot be used: {}", chain(&error)),
            "correct DATABASE_URL",
        ),
    })
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
    fn settings_that_contradict_each_other() {
        let ids = |change: &dyn Fn(&mut Settings)| {
            let mut changed = Settings::default();
            change(&mut changed);
            settings(&changed).iter().map(|message| message.to_string()).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(ids(&|_| {}), "");
        assert_eq!(ids(&|settings| settings.SESSION_HASH_KEYS = true), "");
        let cookies = ids(&|settings| {
            settings.SESSION_ENGINE = "signed_cookies".into();
            settings.SESSION_HASH_KEYS = true;
            settings.SESSION_SWEEP_INTERVAL = Some(60);
        });
        assert!(cookies.contains("sessions.W002") && cookies.contains("sessions.W003"), "{cookies}");
        let own = ids(&|settings| settings.SESSION_ENGINE = "cached_db".into());
        assert!(own.contains("sessions.W001"), "{own}");
        let nowhere = ids(&|settings| {
            settings.SESSION_ENGINE = "cache".into();
            settings.CACHE_URL = "dummy://".into();
        });
        assert!(nowhere.contains("sessions.E002"), "{nowhere}");
    }

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
