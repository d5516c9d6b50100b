//! A chain around a view given as a closure.

use std::sync::Arc;

use nuages_http::{
    Captured, Error, HttpRequest, HttpResponse, NoReverseMatch, Result, Routes, Settings, Site,
};
use nuages_middleware::{BoxFuture, Chain, Guarded, Layers, Next, Respond, Setup};

pub(crate) struct Statuses;

impl Respond for Statuses {
    fn respond(&self, _: HttpRequest, error: Error) -> BoxFuture<'_, HttpResponse> {
        Box::pin(async move { HttpResponse::new(error.to_string()).with_status(error.status()) })
    }
}

/// The view, as an endpoint.
struct View<F> {
    view: F,
    respond: Arc<dyn Respond>,
}

impl<F: Fn(HttpRequest) -> Result + Send + Sync> Next for View<F> {
    fn run(&self, request: HttpRequest) -> impl Future<Output = HttpResponse> + Send {
        let kept = request.clone();
        Guarded::new(async move { (self.view)(request) }, kept, &*self.respond)
    }
}

struct OneRoute;

impl Routes for OneRoute {
    fn is_valid_path(&self, path: &str) -> bool {
        path == "/page/"
    }

    fn reverse(&self, _: &str, _: &[(Option<&str>, Captured)]) -> Result<String, NoReverseMatch> {
        Err(NoReverseMatch("no names here".into()))
    }
}

pub(crate) fn settings() -> Settings {
    Settings { ALLOWED_HOSTS: vec!["testserver".into()], ..Settings::default() }
}

/// Sends one request through a chain.
pub(crate) fn send<L: Layers, C>(
    chain: Chain<L, C>,
    settings: Settings,
    request: nuages_http::TestRequest,
    view: impl Fn(HttpRequest) -> Result + Send + Sync + 'static,
) -> HttpResponse {
    let (whole, request) = prepare(chain, settings, request, view);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(whole.run(request))
}

/// A chain that is ready, and a request for it.
pub(crate) fn prepare<L: Layers, C>(
    mut chain: Chain<L, C>,
    settings: Settings,
    request: nuages_http::TestRequest,
    view: impl Fn(HttpRequest) -> Result + Send + Sync + 'static,
) -> (impl Next, HttpRequest) {
    let site = Site::new(settings).unwrap();
    site.set_routes(Arc::new(OneRoute));
    chain.setup(&Setup::new(&site)).unwrap();
    let respond: Arc<dyn Respond> = Arc::new(Statuses);
    let whole = chain.assemble(&respond, |_| View { view, respond: respond.clone() });
    (whole, request.header("host", "testserver").site(&site).build())
}
