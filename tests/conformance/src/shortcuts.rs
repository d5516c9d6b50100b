//! Shortcuts: `redirect` to a URL or to a named route, `render`.

use nuages::Route;
use nuages::prelude::*;
use nuages::templates::Value;
use serde::Deserialize;
use serde_json::json;

use crate::outcome::Exception;
use crate::urls::Arguments;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        path("shortcuts/redirect", shortcut_redirect).view_path("views_http.shortcut_redirect"),
        path("shortcuts/render", shortcut_render).view_path("views_http.shortcut_render"),
    ]
}

#[derive(Deserialize)]
struct Redirection {
    to: String,
    #[serde(flatten)]
    arguments: Arguments,
    #[serde(default)]
    permanent: bool,
    #[serde(default)]
    preserve_request: bool,
}

async fn shortcut_redirect(request: HttpRequest) -> Result {
    let redirection: Redirection = request.json().await?;
    match redirection.respond(&request) {
        Ok(response) => Ok(response),
        Err(Exception(name)) => HttpResponse::json(&json!({"error": name})),
    }
}

impl Redirection {
    fn respond(self, request: &HttpRequest) -> Result<HttpResponse, Exception> {
        let (args, kwargs) = self.arguments.into_parts();
        let mut redirect = redirect_to(request, &self.to).args(args).kwargs(kwargs);
        if self.permanent {
            redirect = redirect.permanent();
        }
        if self.preserve_request {
            redirect = redirect.preserve_request();
        }
        Ok(redirect.response()?)
    }
}

/// The templates that the endpoint knows.
pub(crate) const TEMPLATES: &[(&str, &str)] = &[
    ("hello.html", "Hello {{ name }}! Raw {{ markup|safe }}. Attr \"{{ markup }}\"."),
    (
        "items.html",
        "{% for item in items %}<li>{{ item }}</li>{% empty %}<li>none</li>{% endfor %}{% if flag %}yes{% else %}no{% endif %}",
    ),
    (
        "lookup.html",
        "{{ request.path }}|{{ missing }}|{{ user.name }}|{{ numbers.1 }}|{{ value|default:\"-\" }}",
    ),
];

#[derive(Deserialize)]
struct Rendering {
    template: String,
    context: Option<serde_json::Map<String, serde_json::Value>>,
    content_type: Option<String>,
    status: Option<i64>,
}

async fn shortcut_render(request: HttpRequest) -> Result {
    let rendering: Rendering = request.json().await?;
    match rendering.respond(&request) {
        Ok(response) => Ok(response),
        Err(Exception(name)) => HttpResponse::json(&json!({"error": name})),
    }
}

impl Rendering {
    fn respond(self, request: &HttpRequest) -> Result<HttpResponse, Exception> {
        let context = Value::from(Serde(self.context.unwrap_or_default()));
        let mut response = render(request, self.template, context).map_err(|error| Exception::of(&error))?;
        if let Some(status) = self.status {
            response.set_status_code(status)?;
        }
        match self.content_type {
            Some(content_type) => Ok(response.with_content_type(&content_type)?),
            None => Ok(response),
        }
    }
}
