//! `{% cache %}`: fragments of pages, in the caches of the site.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use nuages::Application;
use nuages::prelude::*;
use nuages::templates::{Embedded, make_template_fragment_key};
use nuages::test::Client;
use nuages_http::CacheSetting;
use test_servers::Memcached;

use crate::late_store;

const TEMPLATES: Embedded = Embedded(&[
    ("one.html", "{% load cache %}{{ n }} {% cache 60 side who %}<b>{{ n }}{{ who }}</b>{% endcache %}"),
    (
        "nested.html",
        "{% load cache %}{% cache 60 outer %}[{{ n }}{% cache 60 inner %}({{ n }}){% endcache %}]{% endcache %}{% cache 60 inner %}never{% endcache %}",
    ),
    (
        "none.html",
        "{% load cache %}{% cache 0 none %}{{ n }}{% endcache %}{% cache 0 none %}{{ n }}{% endcache %}",
    ),
    ("using.html", "{% load cache %}{% cache 60 x using=alias %}{{ n }}{% endcache %}"),
    (
        "session.html",
        "{% load cache %}{% cache 60 x %}{{ request.session.visits|default:'none' }}{% endcache %}",
    ),
    (
        "messages.html",
        "{% load cache %}{% cache 60 x request.session.visits %}{% for message in messages %}{{ message }}{% endfor %}{% endcache %}",
    ),
    (
        "said.html",
        "{% if request.session.visits %}{% else %}{% for message in messages %}{% endfor %}{% endif %}",
    ),
    ("last.html", "{% for message in messages %}{{ message }}{% endfor %}"),
    (
        "refused.html",
        "{% load cache %}{% cache 60 'a b' %}{{ n }}{% endcache %}{% for i in '12345678' %}{% cache 60 x i %}{{ n }}{% endcache %}{% endfor %}",
    ),
    (
        "loop.html",
        "{% load cache %}{% for i in '121' %}{% cache 60 x i %}{{ forloop.counter }}{% endcache %}{% endfor %}",
    ),
    ("another.html", "{% load cache %}{% now 'u' as t %}{% cache 60 x t %}{{ n }}{% endcache %}"),
]);

/// A number that is another one on each page.
async fn page(request: HttpRequest, name: String) -> Result {
    let n = counter(&request).fetch_add(1, Ordering::SeqCst) + 1;
    let (who, alias) =
        (request.GET.get("who").unwrap_or("").to_owned(), request.GET.get("alias").map(str::to_owned));
    render(&request, format!("{name}.html"), context! { n, who, alias })
}

// ANCHOR: forget
async fn forget(request: HttpRequest, who: String) -> Result {
    let gone = request.cache().delete(&make_template_fragment_key("side", [who])).await?;
    Ok(HttpResponse::new(gone.to_string()))
}
// ANCHOR_END: forget

async fn visit(request: HttpRequest) -> Result {
    request.session().await?.set("visits", 3)?;
    Ok(HttpResponse::new(""))
}

async fn say(request: HttpRequest) -> Result {
    request.messages()?.info("saved");
    Ok(HttpResponse::new(""))
}

async fn as_text(request: HttpRequest) -> Result {
    let page = render_to_string(&request, "one.html", context! { n => 100, who => "Ada" }).await?;
    Ok(HttpResponse::new(page))
}

fn counter(request: &HttpRequest) -> Arc<AtomicUsize> {
    request.site().extensions().get_or_insert_with(Arc::<AtomicUsize>::default).clone()
}

fn site(settings: Settings) -> Application {
    let settings =
        Settings { SECRET_KEY: "a long and secret text".into(), ALLOWED_HOSTS: vec!["*".into()], ..settings };
    App::new(settings)
        .middleware(SessionMiddleware::with_engine(late_store::engine("a long and secret text")))
        .middleware(MessageMiddleware::new())
        .templates(|engine| engine.embedded(TEMPLATES))
        .urls(urlconf([
            path("forget/<str:who>/", forget),
            path("text/", as_text),
            path("visit/", visit),
            path("say/", say),
            path("<slug:name>/", page),
        ]))
        .build()
        .unwrap()
}

async fn get(site: &Application, target: &str) -> String {
    let response = site.handle(HttpRequest::test("GET", target).site(site.site()).build()).await;
    assert_eq!(response.status(), 200, "{target}");
    let bytes = response.body().as_bytes().unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// One site that finds its fragments at once, and one that has to wait.
fn sites(folder: &tempfile::TempDir) -> [Application; 2] {
    let url = format!("file://{}", folder.path().display());
    [site(Settings::default()), site(Settings { CACHE_URL: url.as_str().into(), ..Settings::default() })]
}

#[tokio::test]
async fn a_fragment_is_rendered_once_for_what_it_varies_on() {
    let folder = tempfile::tempdir().unwrap();
    for site in sites(&folder) {
        assert_eq!(get(&site, "/one/?who=Ada").await, "1 <b>1Ada</b>");
        assert_eq!(get(&site, "/one/?who=Ada").await, "2 <b>1Ada</b>");
        assert_eq!(get(&site, "/one/?who=%3CBob%3E").await, "3 <b>3&lt;Bob&gt;</b>");
        assert_eq!(get(&site, "/text/").await, "100 <b>1Ada</b>");
        assert_eq!(get(&site, "/forget/Ada/").await, "true");
        assert_eq!(get(&site, "/one/?who=Ada").await, "4 <b>4Ada</b>");
        assert_eq!(get(&site, "/one/?who=%3CBob%3E").await, "5 <b>3&lt;Bob&gt;</b>");
    }
}

#[tokio::test]
async fn a_fragment_in_a_fragment_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    for site in sites(&folder) {
        for _ in 0..2 {
            assert_eq!(get(&site, "/nested/").await, "[1(1)](1)");
        }
        assert_eq!(get(&site, "/none/").await, "33", "what is kept for no time is rendered each time");
    }
}

#[tokio::test]
async fn a_fragment_twice_on_a_page_is_rendered_once_where_something_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    for site in sites(&folder) {
        assert_eq!(get(&site, "/loop/").await, "121");
    }
    let nothing = site(Settings { CACHE_URL: "dummy://".into(), ..Settings::default() });
    assert_eq!(get(&nothing, "/loop/").await, "123");
}

#[tokio::test]
async fn fragments_have_a_cache_of_their_own_if_the_settings_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| CacheSetting::new("file", [folder.path().join(name).to_str().unwrap()]);
    let caches = [("template_fragments", file("fragments")), ("other", file("other"))];
    let caches = caches.map(|(alias, cache)| (alias.to_owned(), cache));
    let site = site(Settings { CACHES: caches.into_iter().collect(), ..Settings::default() });
    get(&site, "/one/?who=Ada").await;
    assert_eq!(get(&site, "/one/?who=Ada").await, "2 <b>1Ada</b>");
    assert_eq!(get(&site, "/forget/Ada/").await, "false", "it is not in the default cache");
    assert_eq!(get(&site, "/using/?alias=other").await, "3");
    assert_eq!(get(&site, "/using/?alias=default").await, "4");
    assert_eq!(get(&site, "/using/?alias=other").await, "3");
    let wrong = site.handle(HttpRequest::test("GET", "/using/?alias=nobody").site(site.site()).build()).await;
    assert_eq!(wrong.status(), 500);
    assert!(folder.path().join("other").read_dir().unwrap().count() > 0);
}

#[tokio::test]
async fn a_page_that_waits_for_something_else_stores_nothing_half_made() {
    let folder = tempfile::tempdir().unwrap();
    for site in sites(&folder) {
        let mut browser = Client::new(site);
        browser.get("/visit/").await;
        for _ in 0..2 {
            browser.get("/session/").await.assert_contains("3");
        }
    }
}

#[tokio::test]
async fn a_page_that_waits_for_the_session_shows_no_message_before() {
    let folder = tempfile::tempdir().unwrap();
    for site in sites(&folder) {
        let mut browser = Client::new(site);
        browser.get("/visit/").await;
        assert_eq!(browser.get("/messages/").await.text(), "");
        for page in ["/messages/", "/said/"] {
            browser.get("/say/").await;
            assert_eq!(browser.get(page).await.text(), "");
            assert_eq!(browser.get("/last/").await.text(), "saved", "{page}");
        }
    }
}

#[tokio::test]
async fn a_key_that_is_another_each_time_ends_the_search() {
    let folder = tempfile::tempdir().unwrap();
    for site in sites(&folder) {
        assert_eq!(get(&site, "/another/").await, "1");
    }
}

#[tokio::test]
async fn a_cache_that_is_out_of_order_costs_no_page() {
    let folder = tempfile::tempdir().unwrap();
    let [_, site] = sites(&folder);
    get(&site, "/one/?who=Ada").await;
    std::fs::remove_dir_all(folder.path()).unwrap();
    std::fs::write(folder.path(), "no folder").unwrap();
    assert_eq!(get(&site, "/one/?who=Ada").await, "2 <b>2Ada</b>");
    std::fs::remove_file(folder.path()).unwrap();
}

#[tokio::test]
async fn a_fragment_that_its_cache_refuses_costs_no_other() {
    let memcached = Memcached::start();
    let site = site(Settings { CACHE_URL: memcached.url().as_str().into(), ..Settings::default() });
    assert_eq!(get(&site, "/refused/").await, "111111111");
    assert_eq!(get(&site, "/refused/").await, "211111111");
}

/// It is asked once, not a second time to keep what it did not have.
#[tokio::test]
async fn a_frozen_cache_is_waited_for_once() {
    let memcached = Memcached::start();
    let site = site(Settings { CACHE_URL: memcached.url().as_str().into(), ..Settings::default() });
    assert_eq!(get(&site, "/one/?who=Ada").await, "1 <b>1Ada</b>");
    memcached.freeze();
    let began = Instant::now();
    assert_eq!(get(&site, "/one/?who=Ada").await, "2 <b>2Ada</b>");
    // An answer may take two seconds.
    assert!(began.elapsed() < Duration::from_millis(3_500), "{:?}", began.elapsed());
    memcached.thaw();
    assert_eq!(get(&site, "/one/?who=Ada").await, "3 <b>1Ada</b>");
}
