//! Conditional requests for one view: `django.views.decorators.http`.

use std::future::{Future, Ready, ready};

use chrono::{DateTime, Utc};
use http::header::{ETAG, LAST_MODIFIED};
use nuages_http::etag::quote_etag;
use nuages_http::http_date::format_http_date;
use nuages_http::preconditions::Precondition;
use nuages_http::{HttpRequest, HttpResponse, Method, Result};

use super::decorator::{Decorated, Decorator, Inner, decorate};
use crate::conditional::{check, precondition_failed};
use crate::conditional_get;
use crate::template_response::when_rendered;

/// What a view knows about its page before it makes it: what [`condition`] puts around it.
pub struct Conditioned<E, L> {
    etag: E,
    last_modified: L,
}

impl<E, L, EF, LF> Decorator for Conditioned<E, L>
where
    E: Fn(HttpRequest) -> EF + Send + Sync + 'static,
    EF: Future<Output = Result<Option<String>>> + Send + 'static,
    L: Fn(HttpRequest) -> LF + Send + Sync + 'static,
    LF: Future<Output = Result<Option<DateTime<Utc>>>> + Send + 'static,
{
    async fn call(&self, request: HttpRequest, view: &impl Inner) -> Result {
        let modified = (self.last_modified)(request.clone()).await?;
        let etag = (self.etag)(request.clone()).await?;
        let etag = etag.map(|etag| quote_etag(&etag).into_owned());
        let reads = request.method == Method::GET || request.method == Method::HEAD;
        let mut response = match check(&request, etag.as_deref(), modified.map(|time| time.timestamp())) {
            Precondition::Proceed => view.run(request).await?,
            Precondition::NotModified => HttpResponse::not_modified(),
            Precondition::Failed => precondition_failed(&request),
        };
        if reads {
            if let Some(time) = modified {
                response.setdefault_header(LAST_MODIFIED.as_str(), &format_http_date(&time))?;
            }
            if let Some(etag) = etag {
                response.setdefault_header(ETAG.as_str(), &etag)?;
            }
        }
        Ok(response)
    }
}

type NoEtag = fn(HttpRequest) -> Ready<Result<Option<String>>>;
type NoDate = fn(HttpRequest) -> Ready<Result<Option<DateTime<Utc>>>>;

/// Does not call the view if the client has its page already: 304; or if it has seen another state than the one that it
/// wants to change: 412 (`condition`).
///
/// `tag` gives the entity tag of the page as it is now, in quotes or not, and `modified` the time of its last change; either
/// may know none. What the route captured is in `request.resolver_match()`.
///
/// ```
/// # use nuages_http::{HttpRequest, HttpResponse, Result};
/// # use nuages_middleware::decorators::{Decorator, Inner};
/// # struct View;
/// # impl Inner for View {
/// #     async fn run(&self, _: HttpRequest) -> Result { Ok(HttpResponse::new("hello")) }
/// # }
/// use nuages_middleware::decorators::{Conditioned, Decorated, condition};
/// # async fn article(_: HttpRequest) -> Result { Ok(HttpResponse::new("")) }
/// # async fn version(_: &str) -> Result<u64> { Ok(1) }
/// let view: Decorated<_, Conditioned<_, _>> = condition(
///     |request: HttpRequest| async move { Ok(Some(version(&request.path).await?.to_string())) },
///     |_request| async { Ok(None) },
///     article,
/// );
/// # let (_, decorator) = view.into_parts();
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let request = HttpRequest::test("GET", "/").header("If-None-Match", "\"1\"").build();
/// # let response = decorator.call(request, &View).await?;
/// // A client that has version 1:
/// assert_eq!(response.status(), 304);
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
pub fn condition<V, E, L, EF, LF>(tag: E, modified: L, view: V) -> Decorated<V, Conditioned<E, L>>
where
    E: Fn(HttpRequest) -> EF + Send + Sync + 'static,
    EF: Future<Output = Result<Option<String>>> + Send + 'static,
    L: Fn(HttpRequest) -> LF + Send + Sync + 'static,
    LF: Future<Output = Result<Option<DateTime<Utc>>>> + Send + 'static,
{
    decorate(Conditioned { etag: tag, last_modified: modified }, view)
}

/// As [`condition`], by the entity tag alone (`etag`).
///
/// ```
/// use nuages_http::{HttpRequest, HttpResponse, Result};
/// use nuages_middleware::decorators::etag;
///
/// async fn version(_request: HttpRequest) -> Result<Option<String>> {
///     Ok(Some("7".to_owned()))
/// }
///
/// async fn article(_request: HttpRequest) -> Result {
///     Ok(HttpResponse::new("not called for a client that has version 7"))
/// }
/// let view = etag(version, article);
/// ```
pub fn etag<V, E, EF>(tag: E, view: V) -> Decorated<V, Conditioned<E, NoDate>>
where
    E: Fn(HttpRequest) -> EF + Send + Sync + 'static,
    EF: Future<Output = Result<Option<String>>> + Send + 'static,
{
    condition(tag, no_date as NoDate, view)
}

/// As [`condition`], by the time of the last change alone (`last_modified`).
///
/// ```
/// use chrono::{DateTime, Utc};
/// use nuages_http::{HttpRequest, HttpResponse, Result};
/// use nuages_middleware::decorators::last_modified;
///
/// async fn changed(_request: HttpRequest) -> Result<Option<DateTime<Utc>>> {
///     Ok(DateTime::from_timestamp(784_111_777, 0))
/// }
///
/// async fn article(_request: HttpRequest) -> Result {
///     Ok(HttpResponse::new("not called for a client that has it from then"))
/// }
/// let view = last_modified(changed, article);
/// ```
pub fn last_modified<V, L, LF>(modified: L, view: V) -> Decorated<V, Conditioned<NoEtag, L>>
where
    L: Fn(HttpRequest) -> LF + Send + Sync + 'static,
    LF: Future<Output = Result<Option<DateTime<Utc>>>> + Send + 'static,
{
    condition(no_etag as NoEtag, modified, view)
}

fn no_etag(_: HttpRequest) -> Ready<Result<Option<String>>> {
    ready(Ok(None))
}

fn no_date(_: HttpRequest) -> Ready<Result<Option<DateTime<Utc>>>> {
    ready(Ok(None))
}

/// The page is compared with what the client has: what [`conditional_page`] puts around a view.
#[derive(Clone, Copy, Debug)]
pub struct ConditionalPage;

impl Decorator for ConditionalPage {
    async fn call(&self, request: HttpRequest, view: &impl Inner) -> Result {
        let kept = request.clone();
        let response = view.run(request).await?;
        when_rendered(response, move |response| async move {
            Ok(conditional_get::process_response(&kept, response))
        })
        .await
    }
}

/// Answers with 304 if the client has the page already, as
/// [`ConditionalGetMiddleware`](crate::ConditionalGetMiddleware) does (`conditional_page`); the view runs all the same.
///
/// ```
/// # use nuages_http::{HttpRequest, HttpResponse, Result};
/// # use nuages_middleware::decorators::{Decorator, Inner};
/// # struct View;
/// # impl Inner for View {
/// #     async fn run(&self, _: HttpRequest) -> Result { Ok(HttpResponse::new("hello")) }
/// # }
/// use nuages_middleware::decorators::{ConditionalPage, Decorated, conditional_page};
///
/// async fn view(_request: HttpRequest) -> Result {
///     Ok(HttpResponse::new("hello"))
/// }
/// let decorated: Decorated<_, ConditionalPage> = conditional_page(view);
/// # let (_, decorator) = decorated.into_parts();
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let response = decorator.call(HttpRequest::test("GET", "/").build(), &View).await?;
/// # let tag = response.header("ETag").ok_or("a tag is added")?.into_owned();
/// # let request = HttpRequest::test("GET", "/").header("If-None-Match", &tag).build();
/// # let response = decorator.call(request, &View).await?;
/// // A client that has the page:
/// assert_eq!(response.status(), 304);
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
pub fn conditional_page<V>(view: V) -> Decorated<V, ConditionalPage> {
    decorate(ConditionalPage, view)
}
