//! `CACHES`, as the same table here; values in the form in which Django writes them.

use serde_json::{Map, Value};

use super::translation::{Translation, toml};

/// Django's backends and the feature that each needs here.
const BACKENDS: &[(&str, Option<&'static str>)] = &[
    ("locmem.LocMemCache", None),
    ("filebased.FileBasedCache", None),
    ("db.DatabaseCache", None),
    ("dummy.DummyCache", None),
    ("redis.RedisCache", Some("redis")),
    ("memcached.PyMemcacheCache", Some("memcached")),
    ("memcached.PyLibMCCache", Some("memcached")),
];

pub(super) fn translate(translation: &mut Translation<'_>) {
    let answer = translation.answer;
    let Some(caches) = answer.get("CACHES").as_object().filter(|_| answer.is_explicit("CACHES")) else {
        return;
    };
    let mut taken = Vec::new();
    for (alias, cache) in caches {
        let Some(cache) = cache.as_object() else { continue };
        match one(translation, alias, cache) {
            Ok(()) => taken.push(alias.as_str()),
            Err(why) => translation.leave(format_args!("CACHES {alias}"), why),
        }
    }
    if !taken.is_empty() {
        translation.taken(format_args!("caches: {}", taken.join(", ")));
    }
}

fn one(translation: &mut Translation<'_>, alias: &str, cache: &Map<String, Value>) -> Result<(), String> {
    let backend = cache.get("BACKEND").and_then(Value::as_str).unwrap_or_default();
    let known = backend.strip_prefix("django.core.cache.backends.");
    let known = BACKENDS.iter().find(|(name, _)| known == Some(name));
    let Some((kind, feature)) = known else {
        return Err(format!(
            "{backend} is not known, and writes a form of its own; use one of django.core.cache.backends"
        ));
    };
    if cache.get("KEY_FUNCTION").is_some_and(|function| !function.is_null()) {
        return Err(
            "its KEY_FUNCTION is code: give it to App::caches, without it the keys are others".to_owned()
        );
    }
    let locations: Vec<String> = match cache.get("LOCATION") {
        Some(Value::String(location)) if !location.is_empty() => vec![location.clone()],
        Some(Value::Array(locations)) => {
            locations.iter().filter_map(Value::as_str).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    };
    if *kind == "redis.RedisCache"
        && let Some(options) = cache.get("OPTIONS").and_then(Value::as_object)
        && let Some(name) =
            ["db", "username", "password"].into_iter().find(|name| options.contains_key(*name))
    {
        return Err(format!(
            "its OPTIONS have {name}, which belongs into the URL here: write redis://username:password@host:6379/db as LOCATION in Django, or add it to CACHES"
        ));
    }
    let secret = locations.iter().any(|location| {
        location.contains("://") && (location.contains('@') || location.contains("password="))
    });
    if secret && (alias != "default" || locations.len() > 1) {
        return Err("its LOCATION has a password, which is not written into the sources; put the cache into settings.CACHES in src/app.rs, with a variable of .env as LOCATION".to_owned());
    }
    if let Some(feature) = *feature {
        translation.feature(feature);
    }
    if let Some(options) = cache.get("OPTIONS").and_then(Value::as_object) {
        for name in options.keys().filter(|name| !is_shared_option(name)) {
            translation.leave(format_args!("CACHES {alias} OPTIONS {name}"), "has no counterpart");
        }
    }
    if secret {
        as_url(translation, cache, &locations.join(","));
    } else {
        as_table(translation, alias, cache, kind, &locations);
    }
    Ok(())
}

fn is_shared_option(name: &str) -> bool {
    matches!(name, "MAX_ENTRIES" | "CULL_FREQUENCY")
}

/// The default cache as CACHE_URL, which may be in the environment.
fn as_url(translation: &mut Translation<'_>, cache: &Map<String, Value>, location: &str) {
    let timeout = match cache.get("TIMEOUT") {
        Some(Value::Null) => Some("none".to_owned()),
        Some(Value::Number(seconds)) => Some(seconds.to_string()),
        _ => None,
    };
    let mark = if location.contains('?') { '&' } else { '?' };
    let timeout = timeout.map(|timeout| format!("{mark}timeout={timeout}")).unwrap_or_default();
    translation.remark("CACHE_URL has a password and is in .env.");
    translation.variable("CACHE_URL", &format!("{location}{timeout}"));
    translation.set("CACHE_SERIALIZER", "pickle");
    if let Some(prefix) = cache.get("KEY_PREFIX").and_then(Value::as_str).filter(|prefix| !prefix.is_empty())
    {
        translation.set("CACHE_KEY_PREFIX", prefix);
    }
    if let Some(version) = cache.get("VERSION").and_then(Value::as_i64) {
        translation.set("CACHE_VERSION", version);
    }
}

fn as_table(
    translation: &mut Translation<'_>,
    alias: &str,
    cache: &Map<String, Value>,
    kind: &str,
    locations: &[String],
) {
    let quoted = |text: &str| toml_edit::Value::from(text).to_string();
    let key = toml_edit::Key::new(alias).to_string();
    let mut table = format!(
        "[CACHES.{}]\nBACKEND = {}\n",
        key.trim(),
        quoted(&format!("django.core.cache.backends.{kind}"))
    );
    let is_folder = kind.starts_with("filebased");
    let places: toml_edit::Array = locations
        .iter()
        .map(|location| match is_folder {
            true => translation.path(location).to_string_lossy().into_owned(),
            false => location.clone(),
        })
        .collect();
    if !places.is_empty() {
        table.push_str(&format!("LOCATION = {places}\n"));
    }
    match cache.get("TIMEOUT") {
        Some(Value::Null) => table.push_str("TIMEOUT = \"none\"\n"),
        Some(Value::Number(seconds)) => {
            table.push_str(&format!("TIMEOUT = {}\n", seconds.as_f64().unwrap_or(300.0) as i64))
        }
        _ => {}
    }
    for name in ["KEY_PREFIX", "VERSION"] {
        if let Some(value) = cache.get(name).filter(|value| value.as_str() != Some("")).and_then(toml) {
            table.push_str(&format!("{name} = {}\n", value.to_string().trim()));
        }
    }
    // What Django puts into a cache is pickled; it reads nothing else.
    let mut options: toml_edit::InlineTable = [("SERIALIZER", "pickle")].into_iter().collect();
    let given = cache.get("OPTIONS").and_then(Value::as_object).into_iter().flatten();
    for (name, value) in given.filter(|(name, _)| is_shared_option(name)) {
        if let Some(value) = toml(value) {
            options.insert(name.as_str(), value);
        }
    }
    if kind != "dummy.DummyCache" {
        table.push_str(&format!("OPTIONS = {}\n", options.to_string().trim()));
    }
    translation.table(table);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::translation::tests::translated;

    #[test]
    fn caches_that_are_shared() {
        let shared = translated(json!({"CACHES": {
            "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": "cache", "TIMEOUT": null, "OPTIONS": {"MAX_ENTRIES": 5}},
            "odd name": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": ["redis://a:6379", "redis://b:6379"], "KEY_PREFIX": "p", "VERSION": 2, "TIMEOUT": 60},
        }}));
        assert!(
            shared.settings.ends_with(
                "\n[CACHES.default]\nBACKEND = \"django.core.cache.backends.filebased.FileBasedCache\"\n\
                 LOCATION = [\"/srv/django/cache\"]\nTIMEOUT = \"none\"\nOPTIONS = { SERIALIZER = \"pickle\", MAX_ENTRIES = 5 }\n\
                 \n[CACHES.\"odd name\"]\nBACKEND = \"django.core.cache.backends.redis.RedisCache\"\n\
                 LOCATION = [\"redis://a:6379\", \"redis://b:6379\"]\nTIMEOUT = 60\nKEY_PREFIX = \"p\"\nVERSION = 2\n\
                 OPTIONS = { SERIALIZER = \"pickle\" }\n"
            ),
            "{}",
            shared.settings
        );
        assert_eq!(shared.features, ["redis"]);
    }

    #[test]
    fn a_password_goes_to_the_environment() {
        let cache = json!({"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://:hush@a:6379/1", "TIMEOUT": 9, "KEY_PREFIX": "p"});
        let shared = translated(json!({"CACHES": {"default": cache, "other": cache}}));
        assert!(
            shared.variables.contains("CACHE_URL=redis://:hush@a:6379/1?timeout=9\n"),
            "{}",
            shared.variables
        );
        assert!(!shared.settings.contains("hush") && shared.settings.contains("CACHE_KEY_PREFIX = \"p\""));
        assert_eq!(shared.left[0].0, "CACHES other");
        let cache = json!({"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://a?password=hush", "TIMEOUT": null});
        let shared = translated(json!({"CACHES": {"default": cache, "other": cache}}));
        assert!(
            shared.variables.contains("CACHE_URL=redis://a?password=hush&timeout=none\n"),
            "{}",
            shared.variables
        );
        assert!(!shared.settings.contains("hush"), "{}", shared.settings);
    }

    #[test]
    fn caches_of_their_own() {
        let shared = translated(json!({"CACHES": {
            "a": {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": "redis://a"},
            "b": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "KEY_FUNCTION": {"__code__": "function"}},
            "c": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"odd": 1}},
            "d": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://a", "OPTIONS": {"db": 5}},
        }}));
        let left: Vec<&str> = shared.left.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(left, ["CACHES a", "CACHES b", "CACHES c OPTIONS odd", "CACHES d"]);
        assert!(shared.settings.contains("[CACHES.c]") && !shared.settings.contains("[CACHES.a]"));
    }
}
