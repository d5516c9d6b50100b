//! Views that cache, as the book shows them.

use std::collections::BTreeSet;

use nuages::cache::pickle::Value;
use nuages::cache::{CacheError, Timeout};
use nuages::prelude::*;
use nuages::{Application, Peer};
use serde::{Deserialize, Serialize};

// ANCHOR: typed
#[derive(Serialize, Deserialize)]
struct Weather {
    town: String,
    degrees: f32,
}

async fn weather(request: HttpRequest, town: String) -> Result {
    let key = format!("weather {town}").replace(' ', "_");
    let weather: Weather = request
        .cache()
        .get_or_try_set(&key, || ask_the_weather_service(&town), Duration::from_secs(600))
        .await?;
    Ok(HttpResponse::new(format!("{}: {} °C", weather.town, weather.degrees)))
}
// ANCHOR_END: typed

async fn ask_the_weather_service(town: &str) -> Result<Weather> {
    Ok(Weather { town: town.to_owned(), degrees: 21.5 })
}

// ANCHOR: operations
async fn tour(request: HttpRequest) -> Result {
    let cache = request.cache();
    cache.set("greeting", "hello", 30).await?; // seconds
    cache.set("motto", "liberté", DEFAULT_TIMEOUT).await?; // TIMEOUT, 300 s
    cache.set("licence", "MIT", None).await?; // for ever
    let greeting: Option<String> = cache.get("greeting").await?;

    let was_first = cache.add("lock", &true, 10).await?; // only if nothing is there
    cache.touch("greeting", 60).await?;
    cache.set("visits", &1, None).await?;
    let visits = cache.incr("visits", 10).await?; // nobody else's increment is lost
    cache.decr("visits", 1).await?;

    cache.set_many([("a", 1), ("b", 2)], 60).await?;
    let found = cache.get_many::<i64>(["a", "b", "c"]).await?; // without "c"
    cache.delete_many(["a", "b"]).await?;
    cache.delete("lock").await?;
    Ok(HttpResponse::new(format!("{greeting:?} {was_first} {visits} {}", found.len())))
}
// ANCHOR_END: operations

// ANCHOR: versions
async fn new_prices(request: HttpRequest) -> Result {
    let cache = request.cache();
    cache.version(2).set("price", &12.5, None).await?; // Django's version=2
    let old: Option<f64> = cache.get("price").await?; // VERSION, 1
    let moved = cache.version(2).incr_version("price", 1).await?;
    Ok(HttpResponse::new(format!("{old:?} {moved} {}", cache.version(3).make_key("price"))))
}
// ANCHOR_END: versions

// ANCHOR: aliases
async fn from_another(request: HttpRequest) -> Result {
    let sessions = request.caches().get("sessions")?;
    Ok(HttpResponse::new(sessions.has_key("k").await?.to_string()))
}
// ANCHOR_END: aliases

// ANCHOR: plain_data
async fn what_django_cached(request: HttpRequest) -> Result {
    // cache.set("pair", (1, {"a", "b"})) in Django; as types of Rust:
    let pair: Option<(u8, BTreeSet<String>)> = request.cache().get("pair").await?;
    // or as Python has it, where a tuple is no list:
    let exactly: Option<Value> = request.cache().get("pair").await?;
    let answer = matches!(exactly, Some(Value::Tuple(_)));
    Ok(HttpResponse::new(format!("{pair:?} {answer}")))
}
// ANCHOR_END: plain_data

fn site(settings: Settings) -> App {
    // ANCHOR: key_function
    let app = App::new(settings).caches(|caches| {
        let hashed = caches
            .default_cache()
            .key_function(|key, prefix, version| format!("{prefix}/{version}/{}", key.to_lowercase()));
        caches.with("default", hashed)
    });
    // ANCHOR_END: key_function
    app.urls(urlconf([
        path("weather/<str:town>/", weather),
        path("tour/", tour),
        path("prices/", new_prices),
        path("another/", from_another),
        path("django/", what_django_cached),
    ]))
}

async fn get(application: &Application, target: &str) -> (u16, String) {
    let request = nuages::http::Request::get(target).header("host", "localhost").body(Body::empty()).unwrap();
    let response = application.serve(request, Peer::Unknown).await;
    let text = String::from_utf8_lossy(response.body().as_bytes().unwrap_or_default()).into_owned();
    (response.status().as_u16(), text)
}

#[tokio::test]
async fn they_do_as_the_book_says() -> std::result::Result<(), CacheError> {
    let settings = Settings {
        SECRET_KEY: "a key for tests only".into(),
        ALLOWED_HOSTS: vec!["localhost".into()],
        CACHE_SERIALIZER: Some("pickle".into()),
        CACHES: [("sessions".to_owned(), nuages::CacheSetting::new("locmem", [""; 0]))].into(),
        ..Settings::default()
    };
    let application = site(settings).build().unwrap();
    let caches: &nuages::cache::Caches = application.site().extensions().get().unwrap();
    let cache = caches.default_cache();
    for _ in 0..2 {
        assert_eq!(get(&application, "/weather/Lille/").await, (200, "Lille: 21.5 °C".into()));
    }
    assert!(cache.has_key("WEATHER_lille").await?, "the key function is the site's");
    assert_eq!(get(&application, "/tour/").await, (200, "Some(\"hello\") true 11 2".into()));
    assert_eq!(get(&application, "/prices/").await, (200, "None 3 /3/price".into()));
    assert_eq!(get(&application, "/another/").await, (200, "false".into()));
    let set = Value::Set(vec![Value::Str("a".into()), Value::Str("b".into())]);
    cache.set("pair", &Value::Tuple(vec![Value::Int(1), set]), Timeout::Never).await?;
    assert_eq!(get(&application, "/django/").await, (200, "Some((1, {\"a\", \"b\"})) true".into()));
    Ok(())
}
