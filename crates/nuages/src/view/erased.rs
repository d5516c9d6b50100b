//! A view behind a pointer, as the URL table keeps it.

use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, OnceLock};

use nuages_http::{HttpRequest, Result};
use nuages_middleware::BoxFuture;
use nuages_urls::{ResolverMatch, Route};

use super::arguments::{Captures, First};
use super::output::ViewOutput;
use crate::endpoint::Matched;

/// A view of any shape.
pub trait ErasedView: Send + Sync {
    /// Answers a request.
    fn call<'a>(&'a self, request: HttpRequest, matched: &'a ResolverMatch<'static>)
    -> BoxFuture<'a, Result>;

    /// Does it fit this route?
    ///
    /// # Errors
    /// What does not fit.
    fn check(&self, route: &Route) -> Result<(), String>;

    /// The path of the function: `tutorial::views::add_cookie`.
    fn name(&self) -> &'static str;

    /// What decorators have marked it with: `csrf_exempt`. Most views have no marks.
    fn attributes(&self) -> &[&'static str] {
        &[]
    }
}

/// A view as the URL table keeps it: one for each route.
#[derive(Clone)]
pub struct ViewBox {
    slot: Arc<Slot<dyn ErasedView>>,
}

struct Slot<V: ?Sized> {
    /// The match of the route, if its path alone leads here: the same for every request.
    bare: OnceLock<Arc<Matched>>,
    /// What it is marked with; none, which costs nothing, for most.
    attributes: Option<Arc<[&'static str]>>,
    view: V,
}

impl ViewBox {
    pub(crate) fn new(view: impl ErasedView + 'static) -> Self {
        let attributes = view.attributes();
        let attributes = (!attributes.is_empty()).then(|| attributes.into());
        Self { slot: Arc::new(Slot { bare: OnceLock::new(), attributes, view }) }
    }

    /// The view.
    #[must_use]
    pub fn view(&self) -> &dyn ErasedView {
        &self.slot.view
    }

    /// The match of a path that led to this view.
    pub(crate) fn matched(&self, details: ResolverMatch<'_>) -> Arc<Matched> {
        if details.is_bare() {
            let make = || Arc::new(self.match_of(details));
            return self.slot.bare.get_or_init(make).clone();
        }
        Arc::new(self.match_of(details))
    }

    fn match_of(&self, details: ResolverMatch<'_>) -> Matched {
        Matched::new(self.view().name(), self.slot.attributes.clone(), details.into_owned())
    }

    /// What a match of a route without a name calls it: `tutorial.views.add_cookie`.
    pub(crate) fn path(&self) -> String {
        self.view().name().replace("::", ".")
    }
}

impl fmt::Debug for ViewBox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.view().name())
    }
}

/// A function of the request and its captures, which `call` spreads.
pub(super) struct Function<F, Req, Args, Out> {
    pub(super) function: F,
    pub(super) call: fn(&F, Req, Args) -> Out,
    pub(super) arguments: PhantomData<fn(Req, Args) -> Out>,
}

impl<F, Req, Args, Out> ErasedView for Function<F, Req, Args, Out>
where
    F: Send + Sync,
    Req: First,
    Args: Captures,
    Out: ViewOutput,
{
    fn call<'a>(
        &'a self,
        request: HttpRequest,
        matched: &'a ResolverMatch<'static>,
    ) -> BoxFuture<'a, Result> {
        match Args::take(matched) {
            Ok(captures) => Box::pin((self.call)(&self.function, Req::first(request), captures).answer()),
            Err(error) => Box::pin(std::future::ready(Err(error))),
        }
    }

    fn check(&self, route: &Route) -> Result<(), String> {
        Args::check(route)
    }

    fn name(&self) -> &'static str {
        std::any::type_name::<F>()
    }
}
