//! What a middleware calls to go on.

use std::future::Future;
use std::pin::Pin;

use nuages_http::{HttpRequest, HttpResponse};

/// A future behind one pointer.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The rest of the chain, down to the view.
///
/// It cannot fail: an error or a panic further in has become a response by the time it comes out, as Django's
/// `convert_exception_to_response` has it between every two layers.
///
/// ```
/// use nuages_http::{HttpRequest, HttpResponse};
/// use nuages_middleware::Next;
///
/// /// For tests of a middleware: the rest of the chain is one answer.
/// struct View;
///
/// impl Next for View {
///     async fn run(&self, request: HttpRequest) -> HttpResponse {
///         HttpResponse::new(format!("this is {}", &*request.path))
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let response = View.run(HttpRequest::test("GET", "/page/").build()).await;
/// assert_eq!(response.body().as_bytes(), Some(&b"this is /page/"[..]));
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
#[doc(alias = "get_response")]
#[doc(alias = "convert_exception_to_response")]
pub trait Next: Send + Sync {
    /// Runs the rest of the chain for this request.
    fn run(&self, request: HttpRequest) -> impl Future<Output = HttpResponse> + Send;
}

/// A [`Next`] behind a pointer.
pub struct BoxNext {
    next: Box<dyn ErasedNext>,
}

impl BoxNext {
    /// Puts the rest of a chain behind a pointer.
    pub fn new(next: impl Next + 'static) -> Self {
        Self { next: Box::new(next) }
    }
}

impl Next for BoxNext {
    fn run(&self, request: HttpRequest) -> impl Future<Output = HttpResponse> + Send {
        self.next.run_boxed(request)
    }
}

pub(crate) trait ErasedNext: Send + Sync {
    fn run_boxed(&self, request: HttpRequest) -> BoxFuture<'_, HttpResponse>;
}

impl<N: Next> ErasedNext for N {
    fn run_boxed(&self, request: HttpRequest) -> BoxFuture<'_, HttpResponse> {
        Box::pin(self.run(request))
    }
}

impl Next for &dyn ErasedNext {
    fn run(&self, request: HttpRequest) -> impl Future<Output = HttpResponse> + Send {
        // Of what is behind the reference: the reference itself is a `Next` too, and would call itself.
        (**self).run_boxed(request)
    }
}
