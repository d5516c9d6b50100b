//! Messages against what Django wrote, and through a whole request.

use std::sync::Arc;

use nuages_contrib::messages::{Level, Message, MessageMiddleware, RequestMessages, Text};
use nuages_http::{Error, HttpRequest, HttpResponse, MessageTag, Result, Settings, Site};
use nuages_middleware::{BoxFuture, Chain, Guarded, Layers, Next, Respond, Setup};
use nuages_sessions::SessionMiddleware;
use serde_json::Value;

struct Statuses;

impl Respond for Statuses {
    fn respond(&self, _: HttpRequest, error: Error) -> BoxFuture<'_, HttpResponse> {
        Box::pin(async move { HttpResponse::new(error.to_string()).with_status(error.status()) })
    }
}

type View = Box<dyn Fn(HttpRequest) -> BoxFuture<'static, Result> + Send + Sync>;

struct Inside(View, Arc<dyn Respond>);

impl Next for Inside {
    fn run(&self, request: HttpRequest) -> impl Future<Output = HttpResponse> + Send {
        let kept = request.clone();
        Guarded::new((self.0)(request), kept, &*self.1)
    }
}

pub(crate) fn settings(storage: &str) -> Settings {
    Settings {
        SECRET_KEY: "conformance-secret-key".into(),
        ALLOWED_HOSTS: vec!["testserver".into()],
        SESSION_ENGINE: "cache".into(),
        MESSAGE_STORAGE: storage.into(),
        ..Settings::default()
    }
}

/// A visitor with cookies, of a site with one view.
pub(crate) struct Visitor<N> {
    site: Arc<Site>,
    whole: N,
    pub(crate) cookies: Vec<(String, String)>,
}

/// The site: `?add=level:text` adds, `?read` reads, `?count` counts, `?keep` reads and keeps.
pub(crate) fn visitor(settings: Settings) -> Visitor<impl Next> {
    visitor_of(
        settings,
        Chain::new().middleware(SessionMiddleware::new()).middleware(MessageMiddleware::new()),
    )
}

fn visitor_of<L: Layers, C>(settings: Settings, mut chain: Chain<L, C>) -> Visitor<impl Next> {
    let site = Site::new(settings).unwrap();
    chain.setup(&Setup::new(&site)).unwrap();
    let respond: Arc<dyn Respond> = Arc::new(Statuses);
    let view: View = Box::new(|request| Box::pin(answer(request)));
    let whole = chain.assemble(&respond, |_| Inside(view, respond.clone()));
    Visitor { site, whole, cookies: Vec::new() }
}

async fn answer(request: HttpRequest) -> Result {
    let messages = request.messages()?;
    for added in request.GET.getlist("add") {
        let (level, text) = added.split_once(':').unwrap();
        messages.add(Message::new(level.parse::<i64>().unwrap(), text));
    }
    if request.GET.contains("count") {
        return Ok(HttpResponse::new(messages.count().await?.to_string()));
    }
    if request.GET.contains("read") || request.GET.contains("keep") {
        let found = messages.read().await?;
        if request.GET.contains("keep") {
            messages.keep();
        }
        let texts: Vec<String> =
            found.iter().map(|message| format!("{}={}", message.tags(), message.text())).collect();
        return Ok(HttpResponse::new(texts.join(",")));
    }
    Ok(HttpResponse::new(""))
}

impl<N: Next> Visitor<N> {
    pub(crate) async fn get(&mut self, query: &str) -> String {
        let header: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request =
            HttpRequest::test("GET", &format!("/?{query}")).header("host", "testserver").site(&self.site);
        if !header.is_empty() {
            request = request.header("cookie", &header.join("; "));
        }
        let response = self.whole.run(request.build()).await;
        let status = response.status();
        let body = String::from_utf8(response.body().as_bytes().unwrap().to_vec()).unwrap();
        assert_eq!(status, 200, "{query}: {body}");
        for line in response.into_http(self.site.cookie_signer()).headers().get_all("set-cookie") {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !line.contains("Max-Age=0") {
                self.cookies.push((name.to_owned(), value.trim_matches('"').to_owned()));
            }
        }
        body
    }

    fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

#[tokio::test]
async fn shown_once_by_every_storage() {
    for storage in ["cookie", "session", "fallback", "django.contrib.messages.storage.cookie.CookieStorage"] {
        let mut visitor = visitor(settings(storage));
        assert_eq!(visitor.get("read").await, "");
        assert!(visitor.cookies.is_empty(), "nothing is kept for nothing");
        visitor.get("add=20:one&add=40:two").await;
        assert_eq!(visitor.cookie("messages").is_some(), storage != "session", "{storage}");
        visitor.get("add=25:three").await;
        assert_eq!(visitor.get("count").await, "3");
        assert_eq!(visitor.get("keep").await, "info=one,error=two,success=three", "{storage}");
        assert_eq!(visitor.get("read").await, "info=one,error=two,success=three", "{storage}");
        assert_eq!(visitor.get("read").await, "", "{storage}");
        assert_eq!(visitor.get("add=20:now&read").await, "info=now", "in the same request");
        assert_eq!(visitor.get("read").await, "", "{storage}");
    }
}

#[tokio::test]
async fn what_does_not_fit_the_cookie() {
    let text = |n: u32| {
        // Hardly compressible.
        let mut state = n.wrapping_mul(2_654_435_761).wrapping_add(1);
        let letters = (0..180).map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(b'a' + u8::try_from(state >> 24).unwrap() % 26)
        });
        format!("{n}-{}", letters.collect::<String>())
    };
    let add: Vec<String> = (0..30).map(|n| format!("add=20:{}", text(n))).collect();
    for (storage, all) in [("fallback", true), ("cookie", false)] {
        let mut visitor = visitor(settings(storage));
        visitor.get(&add.join("&")).await;
        assert!(visitor.cookie("messages").unwrap().len() <= 2048, "{storage}");
        assert_eq!(visitor.cookie("sessionid").is_some(), all, "{storage}");
        let shown = visitor.get("read").await;
        let texts: Vec<&str> = shown.split(',').filter_map(|text| text.strip_prefix("info=")).collect();
        let first = 30 - texts.len();
        // A cookie alone loses the oldest.
        assert_eq!(first == 0, all, "{storage}: {}", texts.len());
        assert!(
            texts.iter().zip(first..).all(|(shown, n)| *shown == text(u32::try_from(n).unwrap())),
            "{shown}"
        );
        assert_eq!(visitor.get("read").await, "");
    }
}

#[tokio::test]
async fn levels_and_tags() {
    let settings = Settings {
        MESSAGE_LEVEL: 30,
        MESSAGE_TAGS: vec![
            MessageTag { level: 55, tag: "critical".into() },
            MessageTag { level: 40, tag: String::new() },
        ],
        ..settings("fallback")
    };
    let mut visitor = visitor(settings);
    visitor.get("add=20:quiet&add=30:w&add=40:e&add=55:c&add=99:").await;
    assert_eq!(visitor.get("read").await, "warning=w,=e,critical=c");
}

#[tokio::test]
async fn django_reads_and_writes_the_same() {
    let vectors: Value = serde_json::from_str(include_str!("../vectors/messages.json")).unwrap();
    for case in vectors["cookies"].as_array().unwrap() {
        let mut visitor = visitor(settings("cookie"));
        visitor.cookies.push(("messages".to_owned(), case["encoded"].as_str().unwrap().to_owned()));
        let shown = visitor.get("read").await;
        let expected: Vec<String> = case["messages"]
            .as_array()
            .unwrap()
            .iter()
            .map(|message| {
                let text = message["text"].as_str().unwrap();
                let text = if message["safe"] == true { Text::safe(text) } else { text.into() };
                let level = Level::new(message["level"].as_i64().unwrap());
                let message = Message::new(level, text).extra_tags(message["extra_tags"].as_str().unwrap());
                format!("{}={}", message.tags(), message.text())
            })
            .collect();
        assert_eq!(shown, expected.join(","), "{case}");
    }
    let mut visitor = visitor(settings("cookie"));
    visitor.get("add=20:hi").await;
    let payload = "W1siX19qc29uX21lc3NhZ2UiLDAsMjAsImhpIiwiIl1d:";
    assert!(visitor.cookie("messages").unwrap().starts_with(payload), "{:?}", visitor.cookies);
}

#[tokio::test]
async fn case_285_forged_cookies_are_ignored() {
    let mut visitor = visitor(settings("cookie"));
    visitor.get("add=20:hi").await;
    let good = visitor.cookie("messages").unwrap().to_owned();
    let last = if good.ends_with('A') { "B" } else { "A" };
    for forged in [
        format!("{}{last}", &good[..good.len() - 1]),
        format!("x{good}"),
        "garbage".to_owned(),
        ":::".to_owned(),
        ".".to_owned(),
        "a:b:c".repeat(500),
    ] {
        visitor.cookies = vec![("messages".to_owned(), forged.clone())];
        assert_eq!(visitor.get("read").await, "", "{forged}");
        assert_eq!(visitor.cookie("messages"), None, "{forged}: it is removed");
    }
    // Signed with another key.
    let mut other = Settings { SECRET_KEY: "another".into(), ..settings("cookie") };
    let mut stranger = visitor_of(other.clone(), Chain::new().middleware(MessageMiddleware::new()));
    stranger.cookies = vec![("messages".to_owned(), good.clone())];
    assert_eq!(stranger.get("read").await, "");
    // A former key is still read.
    other.SECRET_KEY_FALLBACKS = vec!["conformance-secret-key".into()];
    let mut heir = visitor_of(other, Chain::new().middleware(MessageMiddleware::new()));
    heir.cookies = vec![("messages".to_owned(), good)];
    assert_eq!(heir.get("read").await, "info=hi");
}

#[test]
fn mistakes_are_told_at_start_up() {
    let errors = |settings: Settings| {
        let site = Site::new(settings).unwrap();
        let mut chain = Chain::new().middleware(MessageMiddleware::new());
        let errors = chain.setup(&Setup::new(&site)).unwrap_err();
        errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    assert!(errors(settings("disk")).contains("MESSAGE_STORAGE is \"disk\"; use"));
    assert!(errors(settings("fallback")).contains("needs \"sessions\""));
    let request = HttpRequest::test("GET", "/").build();
    assert!(request.messages().err().unwrap().to_string().contains(".middleware(MessageMiddleware::new())"));
}

#[test]
fn a_request_without_messages_costs_nothing() {
    fn allocations<L: Layers, C>(mut chain: Chain<L, C>) -> u64 {
        let site = Site::new(settings("cookie")).unwrap();
        chain.setup(&Setup::new(&site)).unwrap();
        let respond: Arc<dyn Respond> = Arc::new(Statuses);
        let view: View = Box::new(|_| Box::pin(std::future::ready(Ok(HttpResponse::new("x")))));
        let whole = chain.assemble(&respond, |_| Inside(view, respond.clone()));
        let request = HttpRequest::test("GET", "/").header("host", "testserver").site(&site).build();
        let counted = allocation_counter::measure(|| {
            let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
            assert!(std::pin::pin!(whole.run(request)).poll(&mut cx).is_ready());
        });
        counted.count_total
    }
    assert_eq!(allocations(Chain::new().middleware(MessageMiddleware::new())), allocations(Chain::new()));
}
