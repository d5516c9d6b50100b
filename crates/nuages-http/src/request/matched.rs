//! What the URL resolver found, kept on the request.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// A value captured from a path, by its converter.
///
/// ```
/// use nuages_http::Captured;
///
/// assert!(matches!(Captured::from(2024_u32), Captured::Int(2024)));
/// assert_eq!(format!("{:?}", Captured::from("rust")), "\"rust\"");
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub enum Captured {
    /// An optional group that took no part.
    None,
    /// A truth value that the route gives by itself.
    Bool(bool),
    /// A number with a fraction, of a converter of the project or given by the route.
    Float(f64),
    /// By `int`, or a number of the project's own converter.
    Int(i128),
    /// By `str`, `slug`, `path`, or a regular expression.
    Text(Arc<str>),
    /// By `uuid`: the 128 bits.
    Uuid(u128),
    /// By a converter of the project.
    Other(Arc<dyn Any + Send + Sync>),
}

impl From<&str> for Captured {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

macro_rules! captured_numbers {
    ($($kind:ty),*) => {$(
        impl From<$kind> for Captured {
            fn from(number: $kind) -> Self {
                Self::Int(number.into())
            }
        }
    )*};
}
captured_numbers!(u8, u16, u32, u64, i8, i16, i32, i64, i128);

impl fmt::Debug for Captured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::Bool(truth) => truth.fmt(f),
            Self::Float(number) => number.fmt(f),
            Self::Int(number) => number.fmt(f),
            Self::Text(text) => text.fmt(f),
            Self::Uuid(bits) => write!(f, "{bits:032x}"),
            Self::Other(_) => f.write_str(".."),
        }
    }
}

/// What the URL resolver found for a request (`django.urls.ResolverMatch`).
///
/// The URL configuration implements it; requests and middleware read it as
/// [`HttpRequest::resolver_match`](crate::HttpRequest::resolver_match).
///
/// ```
/// use nuages_http::{HttpRequest, ResolverMatch};
///
/// /// For a middleware: the name of the view, as a log has it.
/// fn view_name(request: &HttpRequest) -> String {
///     let matched: Option<&dyn ResolverMatch> = request.resolver_match();
///     matched.map_or_else(|| "no view".to_owned(), |matched| matched.view_name())
/// }
/// assert_eq!(view_name(&HttpRequest::test("GET", "/").build()), "no view");
/// ```
pub trait ResolverMatch: Send + Sync {
    /// The whole pattern: `blog/<int:year>/`.
    fn route(&self) -> &str;
    /// The name of the route.
    fn url_name(&self) -> Option<&str>;
    /// The name of the route behind its namespaces: `blog:detail`; the view's name if the route has none.
    fn view_name(&self) -> String;
    /// The application namespaces, outermost first.
    fn app_names(&self) -> Vec<&str>;
    /// The instance namespaces, outermost first.
    fn namespaces(&self) -> Vec<&str>;
    /// Positional arguments of the view, of unnamed groups.
    fn args(&self) -> Vec<Captured>;
    /// Named arguments of the view: captured ones and the route's own.
    fn kwargs(&self) -> Vec<(&str, Captured)>;
    /// The named arguments that the innermost pattern captured.
    fn captured_kwargs(&self) -> Vec<(&str, Captured)>;
    /// The named arguments that routes give by themselves.
    fn extra_kwargs(&self) -> Vec<(&str, Captured)>;
    /// The name of the view's function.
    fn view(&self) -> &str;
    /// What decorators have marked the view with, as Django's set attributes of the function: `csrf_exempt`. Nothing, where
    /// nobody says otherwise.
    fn view_attributes(&self) -> &[&'static str] {
        &[]
    }
}

impl fmt::Debug for dyn ResolverMatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResolverMatch").field("route", &self.route()).finish_non_exhaustive()
    }
}
