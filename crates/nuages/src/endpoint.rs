//! The inside of the onion: find the view, run the hooks, call it.

use std::sync::Arc;

use nuages_http::{
    Captured, Error, ErrorKind, HttpRequest, HttpResponse, NoReverseMatch, ResolverMatch, Result, Routes,
    StatusCode,
};
use nuages_middleware::decorators::NO_APPEND_SLASH;
use nuages_middleware::{Guarded, Hooks, Next, Respond, TemplateResponse};
use nuages_urls::{CaptureValue, Resolver};

use crate::templates;
use crate::view::ViewBox;

/// The URL table with what calls its views.
pub(crate) struct Endpoint {
    pub(crate) urls: Arc<Urls>,
    pub(crate) hooks: Vec<Arc<dyn Hooks>>,
    pub(crate) respond: Arc<dyn Respond>,
}

impl Next for Endpoint {
    fn run(&self, request: HttpRequest) -> impl Future<Output = HttpResponse> + Send {
        let kept = request.clone();
        Guarded::new(self.answer(request), kept, &*self.respond)
    }
}

impl Endpoint {
    async fn answer(&self, request: HttpRequest) -> Result {
        // Before any view and whatever the middleware: a host that is not ours gets no page, not even a 404.
        request.check_host()?;
        let (view, matched) = self.urls.find(&request)?;
        for hook in &self.hooks {
            if let Some(work) = hook.process_view(&request, &*matched).into_work()
                && let Some(answer) = work.await?
            {
                return self.rendered(&request, answer).await;
            }
        }
        let kept = request.clone();
        let answer = view.view().call(request, &matched.details).await;
        let status = answer.as_ref().map_or_else(Error::status, HttpResponse::status);
        let answer = query_error(&kept, status).map_or(answer, Err);
        let answer = match answer {
            Err(error) => self.process_exception(&kept, error).await?,
            Ok(answer) => answer,
        };
        self.rendered(&kept, answer).await
    }

    /// The same answer, or one that is still to be rendered with its content.
    async fn rendered(&self, request: &HttpRequest, answer: HttpResponse) -> Result {
        // Boxed, so that the way without it is no longer for it.
        match TemplateResponse::is_pending(&answer) {
            true => Box::pin(self.render(request, answer)).await,
            false => Ok(answer),
        }
    }

    async fn render(&self, request: &HttpRequest, answer: HttpResponse) -> Result {
        let mut unrendered = match TemplateResponse::from_response(answer) {
            Ok(unrendered) => unrendered,
            Err(answer) => return Ok(answer),
        };
        if unrendered.is_for_hooks() {
            for hook in self.hooks.iter().rev() {
                if let Some(work) = hook.process_template_response(request, &mut unrendered).into_work() {
                    work.await?;
                }
            }
        }
        match templates::finish(request, unrendered).await {
            Err(error) => self.process_exception(request, error).await,
            answer => answer,
        }
    }

    async fn process_exception(&self, request: &HttpRequest, error: Error) -> Result {
        for hook in self.hooks.iter().rev() {
            if let Some(answer) = hook.process_exception(request, &error).await {
                return Ok(answer);
            }
        }
        Err(error)
    }
}

/// The error of a query that was read as empty because it could not be taken; whatever came of that is void. A client
/// error says as much by itself.
pub(crate) fn query_error(request: &HttpRequest, answered: StatusCode) -> Option<Error> {
    if !request.query_failed() || answered.is_client_error() {
        return None;
    }
    Some(request.GET.check().err().unwrap_or_else(|| Error::new(ErrorKind::BadRequest, "bad query")))
}

/// The URL table, as requests ask it.
pub(crate) struct Urls {
    pub(crate) resolver: Resolver<ViewBox>,
}

impl Urls {
    fn find(&self, request: &HttpRequest) -> Result<(ViewBox, Arc<Matched>)> {
        let Some((view, matched)) = self.resolve(&request.path_info) else {
            return Err(Error::new(ErrorKind::NotFound, "no route matches this path; `showurls` lists them"));
        };
        request.set_resolver_match(matched.clone());
        Ok((view, matched))
    }

    /// The view of a path, and how it was found.
    pub(crate) fn resolve(&self, path: &str) -> Option<(ViewBox, Arc<Matched>)> {
        let found = self.resolver.resolve(path)?;
        let view = found.target().clone();
        let matched = view.matched(found.into_details());
        Some((view, matched))
    }
}

impl Routes for Urls {
    fn is_valid_path(&self, path: &str) -> bool {
        self.resolver.resolve(path).is_some()
    }

    fn takes_slash(&self, path: &str) -> bool {
        let found = self.resolver.resolve(path);
        found.is_some_and(|found| !found.target().view().attributes().contains(&NO_APPEND_SLASH))
    }

    fn reverse(&self, name: &str, arguments: &[(Option<&str>, Captured)]) -> Result<String, NoReverseMatch> {
        let mut reverse = self.resolver.reverse(name);
        let positional =
            arguments.iter().filter(|(name, _)| name.is_none()).map(|(_, value)| into_capture(value));
        let named = arguments.iter().filter_map(|(name, value)| Some(((*name)?, into_capture(value))));
        reverse = reverse.args(positional).kwargs(named);
        reverse.url().map_err(|error| NoReverseMatch(error.to_string()))
    }
}

/// What the resolver found, as requests show it.
pub(crate) struct Matched {
    view: &'static str,
    attributes: Option<Arc<[&'static str]>>,
    details: nuages_urls::ResolverMatch<'static>,
}

impl Matched {
    pub(crate) fn new(
        view: &'static str,
        attributes: Option<Arc<[&'static str]>>,
        details: nuages_urls::ResolverMatch<'static>,
    ) -> Self {
        Self { view, attributes, details }
    }
}

impl ResolverMatch for Matched {
    fn route(&self) -> &str {
        self.details.route()
    }

    fn url_name(&self) -> Option<&str> {
        self.details.url_name()
    }

    fn view_name(&self) -> String {
        self.details.view_name().to_owned()
    }

    fn app_names(&self) -> Vec<&str> {
        self.details.app_names().iter().map(String::as_str).collect()
    }

    fn namespaces(&self) -> Vec<&str> {
        self.details.namespaces().iter().map(String::as_str).collect()
    }

    fn args(&self) -> Vec<Captured> {
        self.details.args().into_iter().map(from_capture).collect()
    }

    fn kwargs(&self) -> Vec<(&str, Captured)> {
        pairs(self.details.kwargs())
    }

    fn captured_kwargs(&self) -> Vec<(&str, Captured)> {
        pairs(self.details.captured_kwargs())
    }

    fn extra_kwargs(&self) -> Vec<(&str, Captured)> {
        pairs(self.details.extra_kwargs())
    }

    fn view(&self) -> &str {
        self.view
    }

    fn view_attributes(&self) -> &[&'static str] {
        self.attributes.as_deref().unwrap_or(&[])
    }
}

fn pairs<'a>(pairs: Vec<(&'a str, &CaptureValue<'_>)>) -> Vec<(&'a str, Captured)> {
    pairs.into_iter().map(|(name, value)| (name, from_capture(value))).collect()
}

fn from_capture(value: &CaptureValue<'_>) -> Captured {
    match value {
        CaptureValue::None => Captured::None,
        CaptureValue::Bool(truth) => Captured::Bool(*truth),
        CaptureValue::Int(number) => Captured::Int(*number),
        CaptureValue::Float(number) => Captured::Float(*number),
        CaptureValue::Str(text) => Captured::Text((&**text).into()),
        CaptureValue::Uuid(uuid) => Captured::Uuid(uuid.as_u128()),
        other => Captured::Other(Arc::new(other.clone().into_owned())),
    }
}

fn into_capture(value: &Captured) -> CaptureValue<'static> {
    match value {
        Captured::None => CaptureValue::None,
        Captured::Bool(truth) => CaptureValue::Bool(*truth),
        Captured::Int(number) => CaptureValue::Int(*number),
        Captured::Float(number) => CaptureValue::Float(*number),
        Captured::Text(text) => CaptureValue::Str(text.to_string().into()),
        Captured::Uuid(bits) => CaptureValue::Uuid(uuid::Uuid::from_u128(*bits)),
        Captured::Other(value) => match value.downcast_ref::<CaptureValue<'static>>() {
            Some(value) => value.clone(),
            None => CaptureValue::None,
        },
        _ => CaptureValue::None,
    }
}
