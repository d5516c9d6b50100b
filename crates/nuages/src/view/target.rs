//! What the second argument of `path` may be.

use std::marker::PhantomData;

use nuages_urls::{Converters, Entry};

use super::arguments::{Captures, First};
use super::erased::{Function, ViewBox};
use super::output::ViewOutput;

/// What a route may lead to: a view, [`include`](super::include) or [`mount`](super::mount).
///
/// ```
/// use nuages::decorators::require_GET;
/// use nuages::prelude::*;
///
/// async fn view(_request: HttpRequest) -> Result {
///     Ok(HttpResponse::new("hello"))
/// }
/// let urls = urlconf([
///     path("a/", view),
///     path("b/", require_GET(view)),
///     path("c/", |_request: HttpRequest| async { HttpResponse::new("a closure is a view, too") }),
///     path("d/", include(urlconf([path("", view)]))),
/// ]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a view",
    label = "a route leads to a view, to include(…) or to mount(…)",
    note = "a view takes the request, and then at most six captures: `async fn name(request: HttpRequest, captures…) -> Result`",
    note = "a `UrlConf` goes into `include(…)`, a tower service into `mount(…)`, a middleware to `App::middleware`"
)]
pub trait Target<Req, Args>: Sized {
    /// What calling it gives.
    type Output;

    /// The same as the URL table keeps it.
    fn attach(self) -> Attached
    where
        Req: First,
        Args: Captures,
        Self::Output: ViewOutput;
}

/// A target, ready for the URL table.
///
/// ```
/// use nuages::decorators::csrf_exempt;
/// use nuages::prelude::*;
/// use nuages::view::{Attached, ErasedView, Target, ViewBox};
///
/// async fn webhook(_request: HttpRequest) -> Result {
///     Ok(HttpResponse::new("thank you"))
/// }
/// let Attached::View(boxed) = csrf_exempt(webhook).attach() else { panic!("it is a view") };
/// let boxed: ViewBox = boxed;
/// let view: &dyn ErasedView = boxed.view();
/// assert!(view.name().ends_with("webhook"));
/// assert_eq!(view.attributes(), ["csrf_exempt"]);
/// ```
pub enum Attached {
    /// A view.
    View(ViewBox),
    /// A tower service.
    Mount(ViewBox),
    /// Another URL table.
    Include {
        /// Its routes.
        routes: Vec<Entry<ViewBox>>,
        /// Its application namespace.
        app_name: Option<String>,
        /// Its instance namespace.
        namespace: Option<String>,
        /// The converters that its patterns name.
        converters: Converters,
    },
}

macro_rules! functions {
    ($(($($argument:ident)*))+) => {$(
        #[expect(clippy::allow_attributes, reason = "not every arity needs it")]
        #[allow(non_snake_case, reason = "the arguments are named after their types")]
        impl<Function_, Req, Out, $($argument),*> Target<Req, ($($argument,)*)> for Function_
        where
            Function_: Fn(Req, $($argument),*) -> Out + Send + Sync + 'static,
            Req: 'static,
            Out: 'static,
            $($argument: 'static,)*
        {
            type Output = Out;

            fn attach(self) -> Attached
            where
                Req: First,
                ($($argument,)*): Captures,
                Out: ViewOutput,
            {
                Attached::View(ViewBox::new(Function {
                    function: self,
                    call: |function: &Function_, request, ($($argument,)*)| function(request, $($argument),*),
                    arguments: PhantomData,
                }))
            }
        }
    )+};
}
functions! { () (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) }
