//! Three middlewares that record the order in which hooks run.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use nuages::middleware::Hook;
use nuages::prelude::*;
use nuages::templates::{TemplateHook, Value};
use nuages::{ResolverMatch, Route};
use serde::Serialize;
use serde_json::json;

use crate::outcome::Exception;
use crate::urls::{Json, object};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        path("mw/trace", trace_view).view_path("views_http.trace_view"),
        path("mw/trace/<int:item>", trace_item).view_path("views_http.trace_view"),
        path("mw/trace-template", trace_template).view_path("views_http.trace_template"),
    ]
}

/// What has happened to a request so far.
#[derive(Default)]
struct Trace(Mutex<Vec<String>>);

/// Records what happens, and answers in the view's place where a parameter of the query says so.
pub(crate) struct Recorder {
    name: &'static str,
}

impl Recorder {
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name }
    }

    fn log(&self, request: &HttpRequest, event: &str) {
        let trace = request.extensions().get_or_insert_with(Trace::default);
        trace.0.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{}.{event}", self.name));
    }

    fn is_named(&self, request: &HttpRequest, parameter: &str) -> bool {
        request.GET.get(parameter) == Some(self.name)
    }
}

impl Middleware for Recorder {
    async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
        let kept = request.clone();
        self.log(&kept, "request");
        let mut response = if self.is_named(&kept, "short") {
            HttpResponse::json(&json!({"short": self.name}))?
        } else {
            next.run(request).await
        };
        self.log(&kept, "response");
        let trace = kept.extensions().get_or_insert_with(Trace::default);
        let trace = json!(*trace.0.lock().unwrap_or_else(PoisonError::into_inner)).to_string();
        response.set_header("X-Trace", &trace)?;
        Ok(response)
    }

    fn process_view<'a>(&'a self, request: &'a HttpRequest, matched: &'a dyn ResolverMatch) -> Hook<'a> {
        self.log(request, "view");
        if !self.is_named(request, "view") {
            return Hook::pass();
        }
        Hook::run(async move {
            let kwargs = object(matched.kwargs())?;
            Ok(Some(HttpResponse::json(&Replaced { view: self.name, args: [], kwargs })?))
        })
    }

    async fn process_exception(&self, request: &HttpRequest, error: &Error) -> Option<HttpResponse> {
        self.log(request, "exception");
        if !self.is_named(request, "catch") {
            return None;
        }
        let Exception(name) = Exception::of(error);
        let response = HttpResponse::new(format!("caught {name}")).with_status(StatusCode::IM_A_TEAPOT);
        response.with_content_type("text/plain").ok()
    }

    fn process_template_response<'a>(
        &'a self,
        request: &'a HttpRequest,
        response: &'a mut TemplateResponse,
    ) -> TemplateHook<'a> {
        self.log(request, "template");
        TemplateHook::run(async move {
            let items = response.context().get_attr("items")?;
            let items: Vec<Value> = items.try_iter()?.chain([self.name.into()]).collect();
            response.insert("items", items);
            Ok(())
        })
    }
}

#[derive(Serialize)]
struct Replaced {
    view: &'static str,
    args: [(); 0],
    kwargs: BTreeMap<String, Json>,
}

async fn trace_view(request: HttpRequest) -> Result {
    answer(&request, None)
}

async fn trace_item(request: HttpRequest, item: i64) -> Result {
    answer(&request, Some(item))
}

async fn trace_template(_: HttpRequest) -> TemplateResponse {
    TemplateResponse::new("items.html", context! { items => ["view"] })
}

fn answer(request: &HttpRequest, item: Option<i64>) -> Result {
    if request.GET.get("boom").is_some_and(|boom| !boom.is_empty()) {
        // Python's ValueError.
        "boom".parse::<i64>()?;
    }
    HttpResponse::json(&json!({"item": item}))
}
