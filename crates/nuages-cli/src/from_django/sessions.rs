//! `SESSION_ENGINE`, and whether its sessions lie where both sides find them.

use serde_json::Value;

use super::translation::Translation;

const ENGINES: &[&str] = &["db", "cached_db", "cache", "file", "signed_cookies"];

/// Caches that no other process sees.
const PRIVATE: &[&str] = &["locmem.LocMemCache", "dummy.DummyCache"];

/// Comes after database and caches, as the sessions are in one of them.
pub(super) fn translate(translation: &mut Translation<'_>) {
    let answer = translation.answer;
    let engine = answer.text("SESSION_ENGINE");
    let known =
        engine.strip_prefix("django.contrib.sessions.backends.").filter(|name| ENGINES.contains(name));
    match known {
        Some(name) => {
            translation.set("SESSION_ENGINE", engine);
            match away(translation, name) {
                Some(why) => translation.leave("SESSION_ENGINE", why),
                None => translation.taken(format_args!("sessions: the engine {name}, and their cookie")),
            }
        }
        None if engine.is_empty() => {}
        None => translation.leave(
            "SESSION_ENGINE",
            format_args!("{engine} is an engine of its own; here there are {}", ENGINES.join(", ")),
        ),
    }
    let serializer = answer.text("SESSION_SERIALIZER");
    if !serializer.is_empty() && !serializer.ends_with(".JSONSerializer") {
        translation.leave(
            "SESSION_SERIALIZER",
            "sessions are read and written as JSON; let Django use django.contrib.sessions.serializers.JSONSerializer",
        );
    }
    if answer.get("USE_TZ") == &Value::Bool(false) {
        translation.leave(
            "USE_TZ",
            "Django writes the ends of sessions in local time then, and nuages in UTC: they end some hours early or late; set USE_TZ = True in Django",
        );
    }
}

/// Why the sessions of this engine are not found by both.
fn away(translation: &Translation<'_>, engine: &str) -> Option<String> {
    if engine.ends_with("db") && translation.is_left("DATABASES default") {
        return Some(format!(
            "{engine} keeps sessions in the database, which is not taken over: they are not shared"
        ));
    }
    if !engine.starts_with("cache") {
        return None;
    }
    let alias = Some(translation.answer.text("SESSION_CACHE_ALIAS")).filter(|alias| !alias.is_empty());
    let alias = alias.unwrap_or("default");
    if translation.is_left(&format!("CACHES {alias}")) {
        return Some(format!(
            "{engine} keeps sessions in the cache {alias}, which is not taken over: they are not shared"
        ));
    }
    let backend = translation.answer.get("CACHES").get(alias)?.get("BACKEND")?.as_str()?;
    PRIVATE.iter().any(|private| backend.ends_with(private)).then(|| {
        format!("{engine} keeps sessions in the cache {alias}, which no other process sees: they are not shared; let Django use the engine db, or a cache on a server")
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::translation::tests::translated;

    #[test]
    fn what_has_no_counterpart_is_told() {
        let shared = translated(json!({
            "SESSION_ENGINE": "mysite.sessions",
            "SESSION_SERIALIZER": "django.contrib.sessions.serializers.PickleSerializer",
            "USE_TZ": false,
        }));
        let left: Vec<&str> = shared.left.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(left, ["SESSION_ENGINE", "SESSION_SERIALIZER", "USE_TZ"]);
        assert!(shared.settings.contains("# - SESSION_ENGINE: mysite.sessions is an engine of its own"));
        assert!(!shared.settings.contains("\nSESSION_ENGINE"));
    }

    /// They were said to be shared whatever they lay in.
    #[test]
    fn sessions_that_lie_where_nobody_finds_them() {
        let of = |engine: &str, caches: Value, database: &str| {
            translated(json!({
                "SESSION_ENGINE": format!("django.contrib.sessions.backends.{engine}"),
                "CACHES": caches,
                "DATABASES": {"default": {"ENGINE": format!("django.db.backends.{database}"), "NAME": "db"}},
            }))
        };
        let cache = |backend: &str| json!({"default": {"BACKEND": backend, "LOCATION": "a"}});
        let (locmem, own) =
            ("django.core.cache.backends.locmem.LocMemCache", "django_redis.cache.RedisCache");
        let file = "django.core.cache.backends.filebased.FileBasedCache";
        for (engine, backend, database, part) in [
            ("db", locmem, "dummy", Some("in the database, which is not taken over")),
            ("cache", locmem, "sqlite3", Some("no other process sees")),
            ("cached_db", own, "sqlite3", Some("the cache default, which is not taken over")),
            ("cached_db", file, "sqlite3", None),
            ("db", own, "sqlite3", None),
            ("signed_cookies", own, "dummy", None),
        ] {
            let shared = of(engine, cache(backend), database);
            let told =
                shared.left.iter().find(|(name, _)| name == "SESSION_ENGINE").map(|(_, why)| why.as_str());
            assert_eq!(told.is_some(), part.is_some(), "{engine} {backend}: {told:?}");
            assert!(told.unwrap_or_default().contains(part.unwrap_or_default()), "{told:?}");
            assert_eq!(shared.taken.iter().any(|line| line.starts_with("sessions")), part.is_none());
        }
    }
}
