//! Shortcuts: `redirect` to a URL or to a named route.

use nuages::Route;
use nuages::prelude::*;
use serde::Deserialize;
use serde_json::json;

use crate::outcome::Exception;
use crate::urls::Arguments;

pub(crate) fn routes() -> Vec<Route> {
    vec![path("shortcuts/redirect", shortcut_redirect).view_path("views_http.shortcut_redirect")]
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
