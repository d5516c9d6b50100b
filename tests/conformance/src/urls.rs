//! Routing: converters, nesting, namespaces, `resolve` and `reverse`.

use std::collections::BTreeMap;

use nuages::prelude::*;
use nuages::urls::{CaptureValue, Converter, QueryValues};
use nuages::view::Kwargs;
use nuages::{Captured, ResolverMatch, Route};
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::outcome::{Exception, Outcome, answer};
use crate::scalar::Scalar;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        path("urls/resolve", resolve_view).view_path("views_urls.resolve_view"),
        path("urls/reverse", reverse_view).view_path("views_urls.reverse_view"),
        path("u/", include(patterns())),
    ]
}

/// An integer in hexadecimal digits.
pub(crate) struct Hex;

impl Converter for Hex {
    type Value = i128;

    fn regex(&self) -> &str {
        "[0-9a-f]+"
    }

    fn to_value(&self, text: &str) -> Option<i128> {
        i128::from_str_radix(text, 16).ok()
    }

    fn to_url(&self, value: &i128) -> Option<String> {
        Some(format!("{value:x}"))
    }
}

/// An even integer; the others are refused, in both directions.
pub(crate) struct Even;

impl Converter for Even {
    type Value = i128;

    fn regex(&self) -> &str {
        "[0-9]+"
    }

    fn to_value(&self, text: &str) -> Option<i128> {
        text.parse().ok().filter(|number| number % 2 == 0)
    }

    fn to_url(&self, value: &i128) -> Option<String> {
        (value % 2 == 0).then(|| value.to_string())
    }
}

fn patterns() -> UrlConf {
    let shop = || {
        urlconf([
            path("", show).name("index"),
            path("item/<int:pk>/", show).name("item"),
            path("item/<int:pk>/<slug:tail>", other).name("item"),
            re_path(r"^code/(?P<code>[A-Z]{3})/$", show).name("code"),
        ])
        .app_name("shop")
    };
    let inner = || urlconf([path("leaf/<slug:name>", show).name("leaf")]).app_name("inner");
    let outer = urlconf([
        path("", show).name("home"),
        path("in/", include(inner())),
        path("deep/<int:level>/", include(inner()).namespace("deep")),
    ])
    .app_name("outer");
    let common = || {
        urlconf([
            path("history/", show).name("history"),
            path("edit/<str:section>/", show).name("edit").kwarg("mode", "edit"),
        ])
    };
    urlconf([
        path("", show).name("root"),
        // Every built-in converter.
        path("str/<str:value>", show).name("str"),
        path("default/<value>", show).name("default"),
        path("int/<int:value>", show).name("int"),
        path("slug/<slug:value>", show).name("slug"),
        path("uuid/<uuid:value>", show).name("uuid"),
        path("path/<path:value>", show).name("path"),
        path("path/<path:value>/end", other).name("path-end"),
        // Converters of this project.
        path("hex/<hex:value>", show).name("hex"),
        path("even/<even:value>", show).name("even"),
        path("even/<int:value>", other).name("even-fallback"),
        // Several parts, and literal characters that a regular expression would read.
        path("date/<int:year>-<int:month>-<int:day>/", show).name("date"),
        path("literal/a.b+c(d)/<int:x>$", show).name("literal"),
        path("space here/<str:value>/", show).name("space"),
        path("ünï/<str:value>/", show).name("unicode"),
        // The first match wins.
        path("first/latest/", show).name("first-latest"),
        path("first/<slug:value>/", other).name("first-slug"),
        path("first/<str:value>/", show).name("first-str"),
        // One name, several shapes.
        path("same/", show).name("same"),
        path("same/<int:a>/", show).name("same"),
        path("same/<int:a>/<int:b>/", show).name("same"),
        path("same/<str:word>/", other).name("same"),
        // Default and extra arguments.
        path("extra/", show).name("extra").kwarg("page", 1),
        path("extra/<int:page>/", show).name("extra"),
        path("override/<int:page>/", show).name("override").kwarg("page", 99),
        // Regular expressions.
        re_path(r"^re/(?P<year>[0-9]{4})/$", show).name("re-year"),
        re_path(r"^re/(?P<year>[0-9]{4})/(?P<month>[0-9]{2})/$", show).name("re-month"),
        re_path(r"^unnamed/([0-9]+)/([a-z]+)/$", show).name("re-unnamed"),
        re_path(r"^mixed/([0-9]+)/(?P<word>[a-z]+)/$", show).name("re-mixed"),
        re_path(r"^optional/(?:page-(?P<page>[0-9]+)/)?$", show).name("re-optional"),
        re_path(r"^outer/(page-([0-9]+)/)?$", show).name("re-nested"),
        re_path(r"^nocapture/(?:a|b)/(?P<x>\d+)$", show).name("re-nocapture"),
        re_path(r"^open/(?P<rest>.*)$", show).name("re-open"),
        re_path(r"^unanchored/(?P<n>\d+)", show).name("re-unanchored"),
        re_path(r"^case/[aA][bB][cC]/$", show).name("re-case"),
        re_path(r"^dot\.file/(?P<ext>\w+)$", show).name("re-escaped"),
        // Captured prefixes, shared tables and namespaces.
        path("user/<str:username>/", include(common())),
        re_path(r"^group/(?P<group>\w+)/", include(common())),
        path("fixed/", include(urlconf([path("<int:n>/", show).name("fixed-n")]))).kwarg("fixed", true),
        path("shop/", include(shop())),
        path("shop2/", include(shop()).namespace("second")),
        path("tenant/<slug:tenant>/", include(shop()).namespace("tenant")),
        path("outer/ns/", include(outer)),
    ])
}

/// How a view was called.
#[derive(Serialize)]
struct Call {
    #[serde(rename = "match")]
    matched: Option<Match>,
    args: Vec<Json>,
    kwargs: BTreeMap<String, Json>,
}

pub(crate) type Json = Box<RawValue>;

async fn show(request: HttpRequest, call: Kwargs) -> Result {
    let args = call.args().into_iter().map(argument).collect::<Result<_, _>>()?;
    let kwargs = call.kwargs().into_iter().map(|(name, value)| Ok((name.to_owned(), argument(value)?)));
    let kwargs = kwargs.collect::<Result<_, serde_json::Error>>()?;
    let matched = request.resolver_match().map(Match::new).transpose()?;
    HttpResponse::json(&Call { matched, args, kwargs })
}

async fn other(request: HttpRequest, call: Kwargs) -> Result {
    show(request, call).await
}

fn argument(value: &CaptureValue<'_>) -> Result<Json, serde_json::Error> {
    match value {
        CaptureValue::None => to_raw_value(&()),
        CaptureValue::Bool(truth) => to_raw_value(truth),
        CaptureValue::Int(number) => to_raw_value(number),
        CaptureValue::Float(number) => to_raw_value(number),
        CaptureValue::Uuid(uuid) => to_raw_value(&json!({"uuid": uuid.to_string()})),
        text => to_raw_value(&text.to_string()),
    }
}

fn captured(value: &Captured) -> Result<Json, serde_json::Error> {
    match value {
        Captured::Bool(truth) => to_raw_value(truth),
        Captured::Int(number) => to_raw_value(number),
        Captured::Float(number) => to_raw_value(number),
        Captured::Text(text) => to_raw_value(&**text),
        Captured::Uuid(bits) => to_raw_value(&json!({"uuid": Uuid::from_u128(*bits).to_string()})),
        _ => to_raw_value(&()),
    }
}

/// Named values of a match.
pub(crate) fn object(pairs: Vec<(&str, Captured)>) -> Result<BTreeMap<String, Json>, serde_json::Error> {
    pairs.into_iter().map(|(name, value)| Ok((name.to_owned(), captured(&value)?))).collect()
}

/// A match as the protocol describes it.
#[derive(Serialize)]
struct Match {
    view: String,
    route: String,
    url_name: Option<String>,
    view_name: String,
    app_names: Vec<String>,
    namespaces: Vec<String>,
    app_name: String,
    namespace: String,
    args: Vec<Json>,
    kwargs: BTreeMap<String, Json>,
    captured_kwargs: BTreeMap<String, Json>,
    extra_kwargs: BTreeMap<String, Json>,
}

impl Match {
    fn new(matched: &dyn ResolverMatch) -> Result<Self, serde_json::Error> {
        Ok(Self {
            // The name of the function, without its module.
            view: matched.view().rsplit("::").next().unwrap_or_default().to_owned(),
            route: matched.route().to_owned(),
            url_name: matched.url_name().map(str::to_owned),
            view_name: matched.view_name(),
            app_names: matched.app_names().into_iter().map(str::to_owned).collect(),
            namespaces: matched.namespaces().into_iter().map(str::to_owned).collect(),
            app_name: matched.app_names().join(":"),
            namespace: matched.namespaces().join(":"),
            args: matched.args().iter().map(captured).collect::<Result<_, _>>()?,
            kwargs: object(matched.kwargs())?,
            captured_kwargs: object(matched.captured_kwargs())?,
            extra_kwargs: object(matched.extra_kwargs())?,
        })
    }
}

#[derive(Deserialize)]
struct Path {
    path: String,
}

async fn resolve_view(request: HttpRequest) -> Result {
    let Path { path } = request.json().await?;
    HttpResponse::json(&match request.resolve(&path) {
        Ok(matched) => Outcome::Value(Match::new(&*matched)?),
        Err(error) => Outcome::from(Err(Exception::from(error))),
    })
}

/// The arguments of a route.
#[derive(Default, Deserialize)]
pub(crate) struct Arguments {
    args: Option<Vec<Scalar>>,
    kwargs: Option<Named>,
}

type Named = BTreeMap<String, Scalar>;

impl Arguments {
    /// Those by position, and those by name.
    pub(crate) fn into_parts(self) -> (Vec<CaptureValue<'static>>, Vec<(String, CaptureValue<'static>)>) {
        let args = self.args.unwrap_or_default().into_iter().map(|Scalar(value)| value).collect();
        let kwargs = self.kwargs.unwrap_or_default().into_iter().map(|(name, Scalar(value))| (name, value));
        (args, kwargs.collect())
    }
}

#[derive(Deserialize)]
struct Reversal {
    name: String,
    #[serde(flatten)]
    arguments: Arguments,
    query: Option<Query>,
    fragment: Option<String>,
    current_app: Option<String>,
}

/// An object, in which a list gives a field for each of its values, or pairs.
#[derive(Deserialize)]
#[serde(untagged)]
enum Query {
    Object(Map<String, Value>),
    Pairs(Vec<(String, Value)>),
}

async fn reverse_view(request: HttpRequest) -> Result {
    let reversal: Reversal = request.json().await?;
    HttpResponse::json(&Outcome::from(reversal.url(&request).and_then(|url| answer(&url))))
}

impl Reversal {
    fn url(self, request: &HttpRequest) -> Result<String, Exception> {
        let (args, kwargs) = self.arguments.into_parts();
        let mut reverse = request.reverse(&self.name).args(args).kwargs(kwargs);
        if let Some(query) = self.query {
            reverse = reverse.query(query.fields()?);
        }
        if let Some(fragment) = self.fragment {
            reverse = reverse.fragment(fragment);
        }
        if let Some(current_app) = &self.current_app {
            reverse = reverse.current_app(current_app);
        }
        Ok(reverse.url()?)
    }
}

impl Query {
    fn fields(self) -> Result<Vec<(String, QueryValues<'static>)>, Exception> {
        let pairs: Vec<(String, Value)> = match self {
            Self::Object(map) => map.into_iter().collect(),
            Self::Pairs(pairs) => pairs,
        };
        pairs.into_iter().map(|(name, value)| Ok((name, field(value)?))).collect()
    }
}

fn field(value: Value) -> Result<QueryValues<'static>, Exception> {
    let scalar = |value| serde_json::from_value(value).map(|Scalar(value)| value);
    let values = match value {
        Value::Array(items) => {
            items.into_iter().map(scalar).collect::<Result<Vec<_>, _>>().map(QueryValues::several)
        }
        value => scalar(value).map(QueryValues::from),
    };
    values.map_err(|_| Exception("TypeError"))
}
