//! A page whose template is still to be rendered, so that middleware may change what goes into it.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, PoisonError};

use nuages_http::{HttpResponse, Result};
use nuages_templates::{TemplateNames, Value, context};

use crate::next::BoxFuture;

/// A response that is rendered once the `process_template_response` hooks of all middleware have seen it
/// (`django.template.response.TemplateResponse`).
///
/// It derefs to its [`HttpResponse`], for headers and cookies; its body is empty until then. A view returns it as it is.
///
/// ```
/// use nuages_middleware::TemplateResponse;
/// use nuages_templates::context;
/// let mut response = TemplateResponse::new("items.html", context! { items => ["tea"] });
/// response.insert("title", "Shopping");
/// response.set_cookie("seen", 1);
/// assert_eq!(response.template_names(), ["items.html"]);
/// assert_eq!(response.context().get_attr("title")?.as_str(), Some("Shopping"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct TemplateResponse {
    response: HttpResponse,
    page: Page,
}

struct Page {
    names: Vec<String>,
    context: Value,
    callbacks: Vec<Callback>,
    /// Shall the hooks see it?
    hooked: bool,
}

type Callback = Box<dyn FnOnce(HttpResponse) -> BoxFuture<'static, Result> + Send>;

/// What a response carries until it is rendered.
struct Pending(Mutex<Option<Box<Page>>>);

impl TemplateResponse {
    /// A response of status 200, `text/html; charset=utf-8`, that will be rendered from this template, or of several names from
    /// the first that there is, with this context.
    pub fn new(template: impl TemplateNames, context: Value) -> Self {
        Self::of(HttpResponse::new(""), template, context)
    }

    /// The same on a response that has its status and headers already.
    pub fn of(response: HttpResponse, template: impl TemplateNames, context: Value) -> Self {
        Self {
            response,
            page: Page { names: template.names(), context, callbacks: Vec::new(), hooked: true },
        }
    }

    /// For a page that no middleware shall change, and that only waits for what it shows: its hooks are left out.
    #[must_use]
    pub fn without_hooks(mut self) -> Self {
        self.page.hooked = false;
        self
    }

    /// Do the hooks of middleware see it?
    #[must_use]
    pub fn is_for_hooks(&self) -> bool {
        self.page.hooked
    }

    /// The names of the template, in the order in which they are looked for (`template_name`).
    #[must_use]
    pub fn template_names(&self) -> &[String] {
        &self.page.names
    }

    /// Renders from another template.
    pub fn set_template(&mut self, template: impl TemplateNames) -> &mut Self {
        self.page.names = template.names();
        self
    }

    /// What goes into the template (`context_data`), without what the context processors add.
    #[must_use]
    pub fn context(&self) -> &Value {
        &self.page.context
    }

    /// Replaces what goes into the template.
    pub fn set_context(&mut self, context: Value) -> &mut Self {
        self.page.context = context;
        self
    }

    /// Adds one value to it, or replaces it (`context_data["name"] = …`).
    pub fn insert(&mut self, name: &str, value: impl Into<Value>) -> &mut Self {
        let one = Value::from_pairs([(name, value.into())]);
        self.page.context = context! { ..one, ..self.page.context.clone() };
        self
    }

    /// Runs when the page is rendered (`add_post_render_callback`), after those that were added before; it may give
    /// another response.
    pub fn on_rendered<F>(&mut self, callback: impl FnOnce(HttpResponse) -> F + Send + 'static)
    where
        F: Future<Output = Result> + Send + 'static,
    {
        self.page.callbacks.push(Box::new(|response| Box::pin(callback(response))));
    }

    /// The response, of which the rest is kept aside until it is rendered.
    #[must_use]
    pub fn into_response(self) -> HttpResponse {
        let Self { response, page } = self;
        let pending = response.extensions().get_or_insert_with(|| Pending(Mutex::default()));
        *pending.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(page));
        response
    }

    /// Is a response still to be rendered?
    #[must_use]
    pub fn is_pending(response: &HttpResponse) -> bool {
        let page = response.extensions().get::<Pending>();
        page.is_some_and(|page| page.0.lock().unwrap_or_else(PoisonError::into_inner).is_some())
    }

    /// The other way round: a response that is still to be rendered; one that is not is given back.
    ///
    /// # Errors
    /// The response itself, which has its content.
    pub fn from_response(response: HttpResponse) -> Result<Self, HttpResponse> {
        let page = response.extensions().get::<Pending>();
        let page = page.and_then(|page| page.0.lock().unwrap_or_else(PoisonError::into_inner).take());
        match page {
            Some(page) => Ok(Self { response, page: *page }),
            None => Err(response),
        }
    }

    /// Fills in the rendered page and runs the callbacks: for what renders.
    ///
    /// # Errors
    /// That of a callback.
    pub async fn finish(self, page: String) -> Result {
        let mut response = self.response;
        response.set_body(page);
        for callback in self.page.callbacks {
            response = callback(response).await?;
        }
        Ok(response)
    }
}

/// Runs when the response has its content: at once, or once it is rendered.
pub(crate) async fn when_rendered<F>(
    response: HttpResponse,
    work: impl FnOnce(HttpResponse) -> F + Send + 'static,
) -> Result
where
    F: Future<Output = Result> + Send + 'static,
{
    match TemplateResponse::from_response(response) {
        Ok(mut unrendered) => {
            unrendered.on_rendered(work);
            Ok(unrendered.into_response())
        }
        Err(response) => work(response).await,
    }
}

impl Deref for TemplateResponse {
    type Target = HttpResponse;

    fn deref(&self) -> &HttpResponse {
        &self.response
    }
}

impl DerefMut for TemplateResponse {
    fn deref_mut(&mut self) -> &mut HttpResponse {
        &mut self.response
    }
}

impl From<TemplateResponse> for HttpResponse {
    fn from(response: TemplateResponse) -> Self {
        response.into_response()
    }
}

/// The names and the response; never what is in the context.
impl fmt::Debug for TemplateResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TemplateResponse")
            .field("template_names", &self.page.names)
            .field("response", &self.response)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_added_wins_over_the_one_before() {
        let mut response = TemplateResponse::new(["a.html", "b.html"], context! { x => 1, y => 2 });
        response.insert("x", 3);
        assert_eq!(response.context().get_attr("x").unwrap(), Value::from(3));
        assert_eq!(response.context().get_attr("y").unwrap(), Value::from(2));
        assert_eq!(response.template_names(), ["a.html", "b.html"]);
    }

    #[tokio::test]
    async fn it_is_unrendered_once() {
        let mut unrendered = TemplateResponse::new("a.html", context! {});
        unrendered
            .on_rendered(|response| async { Ok(response.with_status(nuages_http::StatusCode::CREATED)) });
        let response = unrendered.into_response();
        let response = when_rendered(response, |mut response| async {
            let body =
                format!("{}!", String::from_utf8_lossy(response.body().as_bytes().unwrap_or_default()));
            response.set_body(body);
            Ok(response)
        });
        let unrendered = TemplateResponse::from_response(response.await.unwrap()).unwrap();
        let response = unrendered.finish("page".to_owned()).await.unwrap();
        assert_eq!((response.status().as_u16(), response.body().as_bytes()), (201, Some(&b"page!"[..])));
        assert!(TemplateResponse::from_response(response).is_err());
    }
}
