//! The onion, put together at compile time.

use std::marker::PhantomData;
use std::sync::Arc;

use nuages_http::{HttpRequest, HttpResponse};

use crate::guard::Guarded;
use crate::middleware::{Hooks, Middleware};
use crate::next::{BoxNext, Next};
use crate::order::{self, Description};
use crate::respond::Respond;
use crate::setup::{Setup, SetupError};

/// Middleware in a row, the first one outermost.
///
/// ```
/// use nuages_middleware::{Chain, CommonMiddleware, SecurityMiddleware};
/// let chain = Chain::new().middleware(SecurityMiddleware::new()).middleware(CommonMiddleware::new());
/// assert_eq!(chain.describe().len(), 2);
/// ```
///
/// Every eighth layer is put behind a pointer by itself: the compiler bounds how deep types may nest.
pub struct Chain<L = (), C = Count<0>> {
    layers: L,
    count: PhantomData<C>,
}

/// How many layers have been added since the last pointer.
#[doc(hidden)]
pub struct Count<const N: usize>;

impl Chain {
    /// No middleware.
    #[must_use]
    pub fn new() -> Self {
        Self { layers: (), count: PhantomData }
    }
}

impl Default for Chain {
    fn default() -> Self {
        Self::new()
    }
}

/// A chain that can grow; every [`Chain`] can.
pub trait Push<M: Middleware> {
    /// The chain with one layer more.
    type Longer;

    /// Adds a middleware inside of those that are there.
    fn push(self, middleware: M) -> Self::Longer;
}

macro_rules! counted {
    ($($from:literal => $to:literal),*) => {$(
        impl<L: Layers, M: Middleware> Push<M> for Chain<L, Count<$from>> {
            type Longer = Chain<(L, M), Count<$to>>;

            fn push(self, middleware: M) -> Self::Longer {
                Chain { layers: (self.layers, middleware), count: PhantomData }
            }
        }
    )*};
}
counted!(0 => 1, 1 => 2, 2 => 3, 3 => 4, 4 => 5, 5 => 6, 6 => 7);

impl<L: Layers, M: Middleware> Push<M> for Chain<L, Count<7>> {
    type Longer = Chain<Boxed<(L, M)>>;

    fn push(self, middleware: M) -> Self::Longer {
        Chain { layers: Boxed { layers: (self.layers, middleware) }, count: PhantomData }
    }
}

impl<L: Layers, C> Chain<L, C> {
    /// Adds a middleware inside of those that are there.
    #[must_use]
    pub fn middleware<M: Middleware>(self, middleware: M) -> <Self as Push<M>>::Longer
    where
        Self: Push<M>,
    {
        self.push(middleware)
    }
}

impl<L: Layers, C> Chain<L, C> {
    /// Every layer, outermost first.
    #[must_use]
    pub fn describe(&self) -> Vec<Description> {
        let mut found = Vec::new();
        self.layers.describe(&mut found);
        found
    }

    /// Checks the order and lets every middleware read its settings.
    ///
    /// # Errors
    /// Everything that is wrong, not just the first.
    pub fn setup(&mut self, setup: &Setup<'_>) -> Result<(), Vec<SetupError>> {
        let mut found = Vec::new();
        self.layers.setup(setup, &mut found);
        // What a layer needs may depend on the settings that it has just read.
        let mut errors = order::check(&self.describe());
        errors.append(&mut found);
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// Puts the middleware around what calls the view. `make` is given the hooks of all layers, outermost first.
    pub fn assemble<E: Next + 'static>(
        self,
        respond: &Arc<dyn Respond>,
        make: impl FnOnce(Vec<Arc<dyn Hooks>>) -> E,
    ) -> Assembled<L::Onion<E>> {
        let mut hooks = Vec::new();
        let shared = self.layers.share(&mut hooks);
        Assembled { onion: L::wrap(shared, make(hooks), respond) }
    }
}

/// A whole chain around its endpoint.
///
/// ```
/// # use nuages_http::{Error, HttpRequest, HttpResponse};
/// # use nuages_middleware::BoxFuture;
/// # struct Plain;
/// # impl Respond for Plain {
/// #     fn respond(&self, _: HttpRequest, error: Error) -> BoxFuture<'_, HttpResponse> {
/// #         Box::pin(async move { HttpResponse::new(error.to_string()) })
/// #     }
/// # }
/// # struct View;
/// # impl Next for View {
/// #     async fn run(&self, _: HttpRequest) -> HttpResponse { HttpResponse::new("hello") }
/// # }
/// use std::sync::Arc;
/// use nuages_http::Site;
/// use nuages_middleware::{Assembled, Chain, Next, Onion, Respond, SecurityMiddleware, Setup};
///
/// let site = Site::placeholder();
/// let respond: Arc<dyn Respond> = Arc::new(Plain);
/// let mut chain = Chain::new().middleware(SecurityMiddleware::new());
/// assert!(chain.setup(&Setup::new(&site)).is_ok());
/// let whole: Assembled<Onion<SecurityMiddleware, View>> = chain.assemble(&respond, |_hooks| View);
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let response = whole.run(HttpRequest::test("GET", "/").site(&site).build()).await;
/// assert_eq!(response.header("X-Content-Type-Options").as_deref(), Some("nosniff"));
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Assembled<O> {
    onion: O,
}

impl<O: Next> Next for Assembled<O> {
    fn run(&self, request: HttpRequest) -> impl Future<Output = HttpResponse> + Send {
        self.onion.run(request)
    }
}

/// A row of middleware, as a type.
///
/// ```
/// use nuages_middleware::{Chain, CommonMiddleware, Layers, SecurityMiddleware};
///
/// /// The names, outermost first.
/// fn names<L: Layers, C>(chain: &Chain<L, C>) -> Vec<&'static str> {
///     chain.describe().iter().map(|layer| layer.name).collect()
/// }
/// let chain = Chain::new().middleware(SecurityMiddleware::new()).middleware(CommonMiddleware::new());
/// assert_eq!(names(&chain), ["SecurityMiddleware", "CommonMiddleware"]);
/// ```
pub trait Layers {
    /// The middleware, ready to be used by many requests at once.
    type Shared;
    /// These layers around an endpoint.
    type Onion<E: Next + 'static>: Next + 'static;

    /// Describes every layer, outermost first.
    fn describe(&self, found: &mut Vec<Description>);
    /// Lets every layer read its settings.
    fn setup(&mut self, setup: &Setup<'_>, errors: &mut Vec<SetupError>);
    /// Puts every layer behind a counted pointer and collects its hooks, outermost first.
    fn share(self, hooks: &mut Vec<Arc<dyn Hooks>>) -> Self::Shared;
    /// Puts the layers around an endpoint.
    fn wrap<E: Next + 'static>(
        shared: Self::Shared,
        endpoint: E,
        respond: &Arc<dyn Respond>,
    ) -> Self::Onion<E>;
}

impl Layers for () {
    type Shared = ();
    type Onion<E: Next + 'static> = E;

    fn describe(&self, _: &mut Vec<Description>) {}

    fn setup(&mut self, _: &Setup<'_>, _: &mut Vec<SetupError>) {}

    fn share(self, _: &mut Vec<Arc<dyn Hooks>>) {}

    fn wrap<E: Next + 'static>((): (), endpoint: E, _: &Arc<dyn Respond>) -> E {
        endpoint
    }
}

impl<L: Layers, M: Middleware> Layers for (L, M) {
    type Shared = (L::Shared, Arc<M>);
    type Onion<E: Next + 'static> = L::Onion<Onion<M, E>>;

    fn describe(&self, found: &mut Vec<Description>) {
        self.0.describe(found);
        found.push(Description {
            name: self.1.name(),
            provides: self.1.provides().to_vec(),
            requires: self.1.requires().to_vec(),
        });
    }

    fn setup(&mut self, setup: &Setup<'_>, errors: &mut Vec<SetupError>) {
        self.0.setup(setup, errors);
        if let Err(error) = self.1.setup(setup) {
            errors.push(error);
        }
    }

    fn share(self, hooks: &mut Vec<Arc<dyn Hooks>>) -> Self::Shared {
        let outer = self.0.share(hooks);
        let middleware = Arc::new(self.1);
        hooks.push(middleware.clone());
        (outer, middleware)
    }

    fn wrap<E: Next + 'static>(
        (outer, middleware): Self::Shared,
        endpoint: E,
        respond: &Arc<dyn Respond>,
    ) -> Self::Onion<E> {
        L::wrap(outer, Onion { middleware, next: endpoint, respond: respond.clone() }, respond)
    }
}

/// Layers with a pointer inside of them.
#[doc(hidden)]
pub struct Boxed<L> {
    layers: L,
}

impl<L: Layers> Layers for Boxed<L> {
    type Shared = L::Shared;
    type Onion<E: Next + 'static> = L::Onion<BoxNext>;

    fn describe(&self, found: &mut Vec<Description>) {
        self.layers.describe(found);
    }

    fn setup(&mut self, setup: &Setup<'_>, errors: &mut Vec<SetupError>) {
        self.layers.setup(setup, errors);
    }

    fn share(self, hooks: &mut Vec<Arc<dyn Hooks>>) -> Self::Shared {
        self.layers.share(hooks)
    }

    fn wrap<E: Next + 'static>(
        shared: Self::Shared,
        endpoint: E,
        respond: &Arc<dyn Respond>,
    ) -> Self::Onion<E> {
        L::wrap(shared, BoxNext::new(endpoint), respond)
    }
}

/// One layer around the rest.
pub struct Onion<M, N> {
    middleware: Arc<M>,
    next: N,
    respond: Arc<dyn Respond>,
}

impl<M: Middleware, N: Next> Next for Onion<M, N> {
    // Not an `async` block: nested ones overflow the compiler's depth limit after a few layers.
    fn run(&self, request: HttpRequest) -> impl Future<Output = HttpResponse> + Send {
        let kept = request.clone();
        Guarded::start(|| self.middleware.call(request, &self.next), kept, &*self.respond)
    }
}
