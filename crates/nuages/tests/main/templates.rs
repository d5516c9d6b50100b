//! Templates in an application: the request in their context, what has to be waited for, hooks, edits, errors.

use std::sync::Arc;

use crate::late_store;
use nuages::Application;
use nuages::decorators::{cache_page, conditional_page, gzip_page};
use nuages::prelude::*;
use nuages::signing::{RANDOM_STRING_CHARS, get_random_string};
use nuages::templates::{Embedded, TemplateError, TemplateErrorKind, TemplateHook};

const TEMPLATES: Embedded = Embedded(&[
    ("base.html", "<main>{% block content %}{% endblock %}</main>{% include 'messages.html' %}"),
    (
        "messages.html",
        "{% for message in messages %}<p class=\"{{ message.tags }}\">{{ message }}{% if message.level == DEFAULT_MESSAGE_LEVELS.ERROR %}!{% endif %}</p>{% endfor %}",
    ),
    (
        "page.html",
        "{% extends 'base.html' %}{% block content %}{{ request.method }} {{ request.get_full_path }} {{ request.GET.q }} {{ who }} {{ STATIC_URL }} {% url 'user' 7 %}{% endblock %}",
    ),
    ("form.html", "<form>{% csrf_token %}</form>{{ csrf_token|length }}"),
    ("session.html", "{{ request.session.visits|default:'none' }}"),
    ("posted.html", "{{ request.POST.name }}"),
    ("count.html", "{% if messages %}{{ messages|length }}{% endif %}"),
    ("items.html", "{% for item in items %}{{ item }},{% endfor %}"),
    ("fails.html", "first\n{{ value|default:missing }}\nlast"),
]);

fn settings() -> Settings {
    Settings {
        SECRET_KEY: "a long and secret text".into(),
        SESSION_ENGINE: "signed_cookies".into(),
        ALLOWED_HOSTS: vec!["*".into()],
        ..Settings::default()
    }
}

/// Adds its name to `items`.
struct Adds(&'static str);

impl Middleware for Adds {
    async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
        Ok(next.run(request).await)
    }

    fn process_template_response<'a>(
        &'a self,
        _request: &'a HttpRequest,
        response: &'a mut TemplateResponse,
    ) -> TemplateHook<'a> {
        let items = response.context().get_attr("items").ok();
        let items = items.and_then(|items| items.try_iter().ok()).into_iter().flatten();
        let items: Vec<_> = items.chain([self.0.into()]).collect();
        response.insert("items", items);
        TemplateHook::pass()
    }
}

async fn page(request: HttpRequest) -> Result {
    request.messages()?.error("a <b>");
    render(&request, "page.html", context! {})
}

async fn named(request: HttpRequest, name: String) -> Result {
    render(&request, format!("{name}.html"), context! {})
}

async fn leaves(request: HttpRequest) -> Result {
    // What cannot be compressed does not fit the cookie, and goes to the session.
    for _ in 0..100 {
        request.messages()?.info(get_random_string(80, RANDOM_STRING_CHARS));
    }
    request.session().await?.set("visits", 3)?;
    Ok(HttpResponse::new(""))
}

async fn items(_: HttpRequest) -> TemplateResponse {
    let mut response = TemplateResponse::new(["none.html", "items.html"], context! { items => ["view"] });
    response.on_rendered(|mut response| async move {
        response.set_header("X-Rendered", "yes")?;
        Ok(response)
    });
    response
}

async fn user(_: HttpRequest, id: u32) -> Result {
    Ok(HttpResponse::new(id.to_string()))
}

fn application(settings: Settings) -> Application {
    application_with(settings, SessionMiddleware::new())
}

fn application_with(settings: Settings, sessions: SessionMiddleware) -> Application {
    App::new(settings)
        .middleware(sessions)
        .middleware(CsrfViewMiddleware::new())
        .middleware(MessageMiddleware::new())
        .middleware(Adds("outer"))
        .middleware(Adds("inner"))
        .templates(|engine| engine.embedded(TEMPLATES))
        .context_processor(
            |request| context! { who => format!("a visitor of {}", &*request.path), items => ["no"] },
        )
        .urls(urlconf([
            path("page/", page),
            path("leave/", leaves),
            path("items/", items),
            path("packed/", gzip_page(items)),
            path("tagged/", conditional_page(items)),
            path("kept/", cache_page(60, items)),
            path("user/<int:id>/", user).name("user"),
            path("<slug:name>/", named),
        ]))
        .build()
        .unwrap()
}

fn request(application: &Application, method: &str, target: &str) -> nuages::TestRequest {
    HttpRequest::test(method, target).site(application.site())
}

async fn get(application: &Application, target: &str) -> HttpResponse {
    application.handle(request(application, "GET", target).build()).await
}

fn text(response: &HttpResponse) -> String {
    String::from_utf8(response.body().as_bytes().unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn a_page_sees_its_request() {
    let application = application(settings());
    let page = get(&application, "/page/?q=%3Ci%3E").await;
    assert_eq!(
        text(&page),
        "<main>GET /page/?q=%3Ci%3E &lt;i&gt; a visitor of /page/ /static/ /user/7/</main><p class=\"error\">a &lt;b&gt;!</p>"
    );
    assert!(page.cookies().get("messages").is_none(), "what was shown is not kept");
    let page = get(&application, "/form/").await;
    let text = text(&page);
    assert!(text.starts_with("<form><input type=\"hidden\" name=\"csrfmiddlewaretoken\" value=\""), "{text}");
    assert!(text.ends_with("</form>64") && page.cookies().get("csrftoken").is_some());
    assert!(get(&application, "/items-of-nobody/").await.cookies().get("csrftoken").is_none());
}

#[tokio::test]
async fn what_has_to_be_waited_for_is() {
    let engine = late_store::engine("a long and secret text");
    let application = application_with(settings(), SessionMiddleware::with_engine(engine));
    let left = get(&application, "/leave/").await;
    let mut cookies = Vec::new();
    for name in ["sessionid", "messages"] {
        let value = left.cookies().get(name).map(|cookie| cookie.value().to_owned());
        cookies.push(format!("{name}={}", value.unwrap()));
    }
    let cookies = cookies.join("; ");
    let with = |target: &str| {
        application.handle(request(&application, "GET", target).header("Cookie", &cookies).build())
    };
    assert_eq!(text(&with("/session/").await), "3");
    let counted = with("/count/").await;
    assert_eq!(text(&counted), "100");
    assert!(counted.cookies().get("messages").is_none(), "counting shows nothing");
    let shown = with("/messages/").await;
    assert_eq!(text(&shown).matches("<p class=\"info\">").count(), 100);
    assert_eq!(shown.header("Vary").as_deref(), Some("Cookie"));
    let length = |response: &HttpResponse| response.cookies().get("sessionid").map(|kept| kept.value().len());
    assert!(
        length(&shown) < length(&left) && length(&shown).is_some(),
        "what was shown has left the session"
    );
}

#[tokio::test]
async fn urls_of_templates_are_checked() {
    let application = App::new(settings())
        .templates(|engine| engine.embedded(TEMPLATES))
        .urls(urlconf([path("<slug:name>/", named)]))
        .build();
    let message = application.err().unwrap().to_string();
    assert!(message.contains("page.html:1") && message.contains("no URL is named 'user'"), "{message}");
}

#[tokio::test]
async fn a_form_that_was_sent_is_shown_again() {
    let application = App::new(settings())
        .templates(|engine| engine.embedded(Embedded(&[("posted.html", "{{ request.POST.name }}")])))
        .urls(urlconf([path("<slug:name>/", named)]))
        .build()
        .unwrap();
    let posted = request(&application, "POST", "/posted/").form("name=A%26B").build();
    assert_eq!(text(&application.handle(posted).await), "A&amp;B");
    assert_eq!(text(&get(&application, "/posted/").await), "");
}

#[tokio::test]
async fn without_middleware_there_is_no_session_and_no_message() {
    const BARE: Embedded = Embedded(&[(
        "bare.html",
        "{{ request.session.visits|default:'none' }}{% for message in messages %}{{ message }}{% endfor %}.",
    )]);
    let application = App::new(settings())
        .templates(|engine| engine.embedded(BARE))
        .urls(urlconf([path("<slug:name>/", named)]))
        .build()
        .unwrap();
    assert_eq!(text(&get(&application, "/bare/").await), "none.");
}

#[tokio::test]
async fn hooks_run_innermost_first_and_decorators_see_the_content() {
    let application = application(settings());
    let page = get(&application, "/items/").await;
    assert_eq!(text(&page), "view,inner,outer,");
    assert_eq!(page.header("X-Rendered").as_deref(), Some("yes"));
    let packed = application
        .handle(request(&application, "GET", "/packed/").header("Accept-Encoding", "gzip").build())
        .await;
    assert_eq!(text(&packed), "view,inner,outer,", "too short to be packed, and never empty");
    let tagged = get(&application, "/tagged/").await;
    let etag = tagged.header("ETag").unwrap().into_owned();
    let again = request(&application, "GET", "/tagged/").header("If-None-Match", &etag).build();
    assert_eq!(application.handle(again).await.status(), 304);
    for _ in 0..2 {
        assert_eq!(text(&get(&application, "/kept/").await), "view,inner,outer,");
    }
}

#[tokio::test]
async fn errors_name_their_template() {
    let application = application(settings());
    let request = request(&application, "GET", "/").build();
    let error = render(&request, "none.html", context! {}).unwrap_err();
    let error = error.downcast_ref::<TemplateError>().unwrap();
    assert!(matches!(error.kind(), TemplateErrorKind::DoesNotExist { .. }));
    let error = render(&request, "fails.html", context! {}).unwrap_err();
    assert!(error.location().file().ends_with("templates.rs"), "{}", error.location());
    let error = error.downcast_ref::<TemplateError>().unwrap();
    assert_eq!(
        (error.name(), error.line(), error.kind()),
        (Some("fails.html"), Some(2), &TemplateErrorKind::MissingVariable)
    );
    assert_eq!(get(&application, "/none/").await.status(), 500);
    let apart = HttpRequest::test("GET", "/").build();
    assert!(render(&apart, "page.html", context! {}).is_err());
}

#[tokio::test]
async fn an_edit_shows_with_the_next_request_and_a_mistake_harms_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let write = |text: &str| std::fs::write(folder.path().join("edited.html"), text).unwrap();
    write("one");
    let mut settings = Settings { DEBUG: true, ..settings() };
    settings.TEMPLATES.DIRS = vec![folder.path().to_str().unwrap().to_owned()];
    let application = App::new(settings).urls(urlconf([path("<slug:name>/", named)])).build().unwrap();
    let loopback = nuages::Peer::Tcp {
        remote: "127.0.0.1:5000".parse().unwrap(),
        local: "127.0.0.1:8000".parse().unwrap(),
    };
    let get = async || {
        let request = request(&application, "GET", "/edited/").peer(loopback).header("Accept", "text/html");
        application.handle(request.build()).await
    };
    assert_eq!(text(&get().await), "one");
    write("number two");
    assert_eq!(text(&get().await), "number two");
    write("{% if %}\nbroken");
    let broken = get().await;
    assert_eq!(broken.status(), 500);
    let page = text(&broken);
    for expected in ["TemplateSyntaxError", "edited.html:1", "{% if %}", "templates.rs"] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    write("{% if 1 %}mended{% endif %}");
    assert_eq!(text(&get().await), "mended");
}

#[tokio::test]
async fn at_the_start_everything_wrong_is_told() {
    let wrong = Embedded(&[
        ("a.html", "{% fro x in y %}"),
        ("b.html", "\n{% url 'nobody' %}"),
        ("c.html", "{% include 'd.html' %}{{ x|upcase }}"),
    ]);
    let built =
        App::new(settings()).templates(move |engine| engine.embedded(wrong)).urls(urlconf([])).build();
    let message = built.err().unwrap().to_string();
    for expected in [
        "templates.E001: a.html:1: unknown tag 'fro'; did you mean 'for'?",
        "b.html:2",
        "nobody",
        "c.html:1",
        "upcase",
    ] {
        assert!(message.contains(expected), "{expected}: {message}");
    }
    let shared = Arc::new(application(settings()));
    assert_eq!(shared.handle(request(&shared, "GET", "/user/7/").build()).await.status(), 200);
}

#[tokio::test]
async fn times_are_shown_in_the_time_zone_of_the_site() {
    let application = |zone: &str| {
        let settings = Settings { TIME_ZONE: zone.into(), ..settings() };
        App::new(settings)
            .templates(|engine| engine.embedded(Embedded(&[("when.html", "{{ when|date:'H:i e' }}")])))
            .urls(urlconf([path("when/", when)]))
            .build()
    };
    assert_eq!(text(&get(&application("Europe/Paris").unwrap(), "/when/").await), "14:00 CEST");
    let message = application("Europe/Atlantis").err().unwrap().to_string();
    assert!(message.contains("TIME_ZONE: \"Europe/Atlantis\" is no time zone"), "{message}");
}

async fn when(request: HttpRequest) -> Result {
    let noon: nuages::chrono::DateTime<nuages::chrono::Utc> = "2026-07-01T12:00:00Z".parse()?;
    render(&request, "when.html", context! { when => nuages::templates::moment::value(&noon) })
}
