//! The caches of a site: settings, views, tables.

use nuages::configuration::{Configuration, Sources};
use nuages::http::Request;
use nuages::prelude::*;
use nuages::{Application, Peer};

use crate::project::{KEY, Project, snapshot};

fn project(settings: &str) -> Project {
    Project::new(settings).variable("SECRET_KEY", KEY)
}

fn load(project: &Project) -> Result<Settings, String> {
    Configuration::load(&project.sources())
        .map(Configuration::into_settings)
        .map_err(|errors| errors.to_string().replace(&project.path().display().to_string(), ""))
}

async fn count(request: HttpRequest) -> Result {
    let cache = request.cache();
    cache.add("n", &0, None).await?;
    let other = request.caches().get("other").map_err(|error| error.to_string());
    let key = match other {
        Ok(other) => other.make_key("k"),
        Err(message) => message,
    };
    Ok(HttpResponse::new(format!("{} {} {key}", cache.incr("n", 1).await?, cache.make_key("n"))))
}

fn app(settings: Settings) -> App {
    App::new(settings).urls(urlconf([path("", count)]))
}

async fn ask(application: &Application) -> String {
    let request = Request::get("/").header("host", "localhost").body(Body::empty()).unwrap();
    let response = application.serve(request, Peer::Unknown).await;
    String::from_utf8_lossy(response.body().as_bytes().unwrap_or_default()).into_owned()
}

const TABLES: &str = r#"
ALLOWED_HOSTS = ["localhost"]
[CACHES.default]
BACKEND = "django.core.cache.backends.filebased.FileBasedCache"
LOCATION = "var/cache"
TIMEOUT = "none"
KEY_PREFIX = "site"
VERSION = 2
OPTIONS = { MAX_ENTRIES = 1000, CULL_FREQUENCY = 4, SERIALIZER = "pickle" }
[CACHES.other]
BACKEND = "locmem"
"#;

#[tokio::test]
async fn tables_of_the_file() {
    let project = project(TABLES);
    let application = app(load(&project).unwrap()).build().unwrap();
    assert_eq!(ask(&application).await, "1 site:2:n :1:k");
    assert_eq!(ask(&application).await, "2 site:2:n :1:k");
    // Relative to the base folder, and in Django's format.
    let names = std::fs::read_dir(project.join("var/cache")).unwrap();
    let paths: Vec<_> = names.map(|entry| entry.unwrap().path()).collect();
    assert_eq!(paths.len(), 1);
    assert_eq!(std::fs::read(&paths[0]).unwrap()[..4], *b"\x80\x05N.", "never expires");
}

#[tokio::test]
async fn the_environment_names_the_default_cache() {
    let project =
        project(TABLES).variable("CACHE_URL", "locmem://?version=5").variable("NUAGES_CACHE_KEY_PREFIX", "p");
    let application = app(load(&project).unwrap()).build().unwrap();
    assert_eq!(ask(&application).await, "1 p:5:n :1:k");
    assert!(!project.join("var").exists());
}

#[tokio::test]
async fn a_key_function_is_code() {
    let settings = load(&project("ALLOWED_HOSTS = [\"localhost\"]\n")).unwrap();
    let application = app(settings)
        .caches(|caches| {
            let ours =
                caches.default_cache().key_function(|key, prefix, version| format!("{prefix}{version}{key}"));
            caches.with("default", ours)
        })
        .build()
        .unwrap();
    assert_eq!(ask(&application).await, "1 1n there is no cache \"other\"; CACHES has default");
}

#[test]
fn mistakes() {
    let table = [
        ("CACHES = 1", "settings.toml:1: CACHES takes a table for each cache"),
        ("\n[CACHES.a]\nLOCATION = \"/a\"", "CACHES a needs a BACKEND"),
        ("[CACHES.a]\nBACKEND = \"locmem\"\nTIMOUT = 3", "CACHES a.TIMOUT is not known"),
        (
            "CACHE_URL = \"locmem://\"\n[CACHES.default]\nBACKEND = \"locmem\"",
            "settings.toml:2: CACHES has a default cache, and so has CACHE_URL",
        ),
    ];
    for (settings, expected) in table {
        let message = load(&project(settings)).unwrap_err();
        assert!(message.contains(expected), "{message}");
    }
    let message = load(&project("").variable("NUAGES_CACHES", "x")).unwrap_err();
    assert!(message.contains("the environment has CACHE_URL"), "{message}");
    let built = [
        ("[CACHES.a]\nBACKEND = \"mongo\"", "CACHES a: this kind of cache is not known"),
        ("[CACHES.a]\nBACKEND = \"file\"", "CACHES a: this kind of cache has one location"),
        ("[CACHES.a]\nBACKEND = \"locmem\"\nOPTIONS = { X = 1 }", "CACHES a: an option of the cache"),
        ("CACHE_URL = \"mongo://:hunter2@host\"", "CACHE_URL: this kind of cache is not known"),
        ("CACHE_SERIALIZER = \"yaml\"", "CACHE_URL: the option serializer of a cache is json or pickle"),
    ];
    for (settings, expected) in built {
        let message = app(load(&project(settings)).unwrap()).build().err().unwrap().to_string();
        assert!(message.contains(expected), "{message}");
        assert!(!message.contains("hunter2"), "{message}");
    }
}

const IN_THE_DATABASE: &str = r#"
ALLOWED_HOSTS = ["localhost"]
CACHE_URL = "db://my_cache_table"
[CACHES.more]
BACKEND = "db"
LOCATION = "more"
"#;

#[test]
fn createcachetable() {
    let project = project(IN_THE_DATABASE);
    project.run(&["migrate"]);
    snapshot("check_cache_table", project.run(&["check"]));
    snapshot("createcachetable", project.run(&["createcachetable"]));
    snapshot("createcachetable_again", project.run(&["createcachetable"]));
    snapshot("createcachetable_named", project.run(&["createcachetable", "third"]));
    snapshot("help_createcachetable", project.run(&["createcachetable", "--help"]));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let application = app(load(&project).unwrap()).build().unwrap();
        assert_eq!(ask(&application).await, "1 :1:n there is no cache \"other\"; CACHES has default, more");
        assert_eq!(ask(&application).await.split(' ').next(), Some("2"));
    });
    let elsewhere = Project::new("").variable("SECRET_KEY", KEY);
    snapshot("createcachetable_none", elsewhere.run(&["createcachetable"]));
}

#[test]
fn the_sources_may_be_empty() {
    let settings = Configuration::load(&Sources::in_folder("/nowhere")).unwrap().into_settings();
    assert!(settings.CACHES.is_empty());
}
