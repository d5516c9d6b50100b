//! What a decorator is.

use std::future::Future;

use nuages_http::{HttpRequest, Result};

/// A layer around one view.
///
/// It is as a [`Middleware`](crate::Middleware), but for one thing: an error of the view comes as an error, and has not
/// become a response yet.
#[doc(alias = "method_decorator")]
#[doc(alias = "wraps")]
pub trait Decorator: Send + Sync + 'static {
    /// Does it do nothing at all when the view is called? Then it costs nothing.
    const ONLY_MARKS: bool = false;

    /// Answers a request: usually something before or after `view.run(request).await?`.
    fn call(&self, request: HttpRequest, view: &impl Inner) -> impl Future<Output = Result> + Send;

    /// What it marks the view with, for middleware to see (Django's attributes of a function): `csrf_exempt`.
    fn attributes(&self) -> &[&'static str] {
        &[]
    }
}

/// The view inside of a decorator, with its arguments.
pub trait Inner: Send + Sync {
    /// Calls it.
    fn run(&self, request: HttpRequest) -> impl Future<Output = Result> + Send;
}

/// A view with a decorator around it; `path()` takes it as a view.
#[derive(Clone, Debug)]
pub struct Decorated<V, D> {
    view: V,
    decorator: D,
}

impl<V, D> Decorated<V, D> {
    /// The view and the decorator.
    pub fn into_parts(self) -> (V, D) {
        (self.view, self.decorator)
    }
}

/// Puts a decorator around a view.
#[doc(alias = "decorator_from_middleware")]
pub fn decorate<V, D: Decorator>(decorator: D, view: V) -> Decorated<V, D> {
    Decorated { view, decorator }
}
