//! What a view may return.

use std::future::Future;

use nuages_http::{Error, HttpResponse, Result};
use nuages_middleware::TemplateResponse;

/// The future of a view: of [`Result`], or of a bare [`HttpResponse`].
///
/// ```
/// use nuages::prelude::*;
/// use nuages::test::{self, Client};
/// use nuages::view::{Captures, First, Target, ViewOutput};
/// use nuages::Route;
///
/// /// A route of version 1: what `path` takes, as a function of one's own takes it.
/// fn v1<T, Req, Args>(route: &str, view: T) -> Route
/// where
///     T: Target<Req, Args, Output: ViewOutput>,
///     Req: First,
///     Args: Captures,
/// {
///     path(&format!("v1/{route}"), view)
/// }
///
/// async fn show(_request: HttpRequest, pk: u32) -> Result {
///     Ok(HttpResponse::new(format!("item {pk}")))
/// }
/// let application = App::new(test::settings()).urls(urlconf([v1("items/<int:pk>/", show)])).build()?;
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// Client::new(application).get("/v1/items/7/").await.assert_contains("item 7");
/// # });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "a view must be an `async fn` that returns `nuages::Result`, this one returns `{Self}`",
    label = "not what a view returns",
    note = "write `async fn name(request: HttpRequest) -> Result` and end it with `Ok(response)`"
)]
pub trait ViewOutput: Send + 'static {
    /// The answer.
    fn answer(self) -> impl Future<Output = Result> + Send;
}

impl<F> ViewOutput for F
where
    F: Future + Send + 'static,
    F::Output: Answer,
{
    async fn answer(self) -> Result {
        self.await.into_result()
    }
}

/// What the future of a view gives.
///
/// ```
/// use nuages::prelude::*;
///
/// async fn may_fail(request: HttpRequest) -> Result {
///     Ok(HttpResponse::new(request.COOKIES.require("name")?.into_owned()))
/// }
///
/// async fn cannot_fail(_request: HttpRequest) -> HttpResponse {
///     HttpResponse::new("hello")
/// }
///
/// async fn fails_by_its_own_error(_request: HttpRequest) -> Result<HttpResponse, std::num::ParseIntError> {
///     Ok(HttpResponse::new("7".parse::<u8>()?.to_string()))
/// }
/// let urls = urlconf([path("a/", may_fail), path("b/", cannot_fail), path("c/", fails_by_its_own_error)]);
/// ```
#[diagnostic::on_unimplemented(
    message = "a view must return `nuages::Result` or `HttpResponse`, this one returns `{Self}`",
    label = "not what a view returns",
    note = "end the view with `Ok(response)`, or turn the value into a response: `Ok(HttpResponse::new(value))`"
)]
pub trait Answer: Send {
    /// The same as a result.
    fn into_result(self) -> Result;
}

impl Answer for HttpResponse {
    fn into_result(self) -> Result {
        Ok(self)
    }
}

impl Answer for TemplateResponse {
    fn into_result(self) -> Result {
        Ok(self.into_response())
    }
}

impl<E: Into<Error> + Send> Answer for Result<TemplateResponse, E> {
    fn into_result(self) -> Result {
        self.map(TemplateResponse::into_response).map_err(Into::into)
    }
}

impl<E: Into<Error> + Send> Answer for Result<HttpResponse, E> {
    fn into_result(self) -> Result {
        self.map_err(Into::into)
    }
}
