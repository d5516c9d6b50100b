//! The page of an error for the developer: what failed, why, and what the browser will make of the answer.
//!
//! It exists with DEBUG alone, and for a peer on the server's own machine alone: [`Audience`] decides. Where the error
//! arises only the error itself is known; whether the session was saved and which cookies are set is known
//! at the very end. So the error page leaves a mark on the response, [`Pending`], and the application fills the page in
//! when the outermost middleware is through.

mod audience;
mod cookie_fate;
mod format;
mod html;
mod mask;
mod report;
mod request_data;
mod session_fate;
mod settings_data;
mod snippet;

use std::sync::Arc;

use nuages_http::{Error, HttpRequest, HttpResponse};

pub(crate) use audience::Audience;
use format::Format;
use mask::Mask;
use report::{Failure, Report};

/// What a response carries whose page is yet to be written.
struct Pending {
    failure: Arc<Failure>,
}

/// A response whose page [`finish`] will write.
pub(crate) fn pending(request: &HttpRequest, error: &Error) -> HttpResponse {
    let response = HttpResponse::new("").with_status(error.status());
    response.extensions().get_or_insert_with(|| Pending { failure: Arc::new(Failure::of(request, error)) });
    response
}

/// Writes the page, if this is a response that [`pending`] has made and nothing has taken its place.
pub(crate) async fn finish(request: &HttpRequest, mut response: HttpResponse) -> HttpResponse {
    let failure = response.extensions().get::<Pending>().map(|pending| pending.failure.clone());
    let Some(failure) = failure else { return response };
    let mut mask = Mask::of(request);
    let form = request_data::form(request, &mut mask).await;
    let report = Report::new(&failure, request, &response, form, &mask);
    let format = Format::of(request);
    let text = format.write(&report);
    // What middleware has done to the empty body: a compressed form, a tag, a length.
    for name in ["content-encoding", "content-length", "etag", "last-modified"] {
        response.remove_header(name);
    }
    response.set_body(text);
    // The page shows what nobody else may see, runs nothing, and is never kept.
    for (name, value) in [
        ("content-type", format.content_type()),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        (
            "content-security-policy",
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'",
        ),
    ] {
        let _valid = response.set_header(name, value);
    }
    response.patch_vary(&["Accept"]);
    response
}
