//! A view with a decorator around it.

use std::sync::Arc;

use nuages_http::{HttpRequest, Result};
use nuages_middleware::BoxFuture;
use nuages_middleware::decorators::{Decorated, Decorator, Inner};
use nuages_urls::{ResolverMatch, Route};

use super::arguments::{Captures, First};
use super::erased::{ErasedView, ViewBox};
use super::output::ViewOutput;
use super::target::{Attached, Target};

/// Around `include(…)`, it is around each view inside.
#[diagnostic::do_not_recommend]
impl<V, D, Req, Args> Target<Req, Args> for Decorated<V, D>
where
    V: Target<Req, Args>,
    D: Decorator,
{
    type Output = V::Output;

    fn attach(self) -> Attached
    where
        Req: First,
        Args: Captures,
        Self::Output: ViewOutput,
    {
        let (view, decorator) = self.into_parts();
        let decorator = Arc::new(decorator);
        let mut decorate = |view| ViewBox::new(Layer::new(decorator.clone(), view));
        match view.attach() {
            Attached::View(view) => Attached::View(decorate(view)),
            Attached::Mount(view) => Attached::Mount(decorate(view)),
            Attached::Include { routes, app_name, namespace, converters } => {
                let routes = routes.into_iter().map(|route| route.map(&mut decorate)).collect();
                Attached::Include { routes, app_name, namespace, converters }
            }
        }
    }
}

/// A decorator and the view inside of it, whose name it keeps.
struct Layer<D> {
    decorator: Arc<D>,
    view: ViewBox,
    /// Its own marks, and those inside.
    attributes: Vec<&'static str>,
}

impl<D: Decorator> Layer<D> {
    fn new(decorator: Arc<D>, view: ViewBox) -> Self {
        let attributes = [decorator.attributes(), view.view().attributes()].concat();
        Self { decorator, view, attributes }
    }
}

impl<D: Decorator> ErasedView for Layer<D> {
    fn call<'a>(
        &'a self,
        request: HttpRequest,
        matched: &'a ResolverMatch<'static>,
    ) -> BoxFuture<'a, Result> {
        let inner = Bound { view: self.view.view(), matched };
        if D::ONLY_MARKS {
            return inner.view.call(request, matched);
        }
        Box::pin(async move { self.decorator.call(request, &inner).await })
    }

    fn check(&self, route: &Route) -> Result<(), String> {
        self.view.view().check(route)
    }

    fn name(&self) -> &'static str {
        self.view.view().name()
    }

    fn attributes(&self) -> &[&'static str] {
        &self.attributes
    }
}

/// A view with what its route captured.
struct Bound<'a> {
    view: &'a dyn ErasedView,
    matched: &'a ResolverMatch<'static>,
}

impl Inner for Bound<'_> {
    fn run(&self, request: HttpRequest) -> impl Future<Output = Result> + Send {
        self.view.call(request, self.matched)
    }
}
