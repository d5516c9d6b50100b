//! What a view is called with.

use std::ops::Deref;

use nuages_http::{Error, ErrorKind, HttpRequest};
use nuages_urls::{CaptureValue, FromCapture, ResolverMatch, Route};

/// The first argument of a view: the request.
#[diagnostic::on_unimplemented(
    message = "the first argument of a view is `HttpRequest`, not `{Self}`",
    label = "this is where the request goes",
    note = "write `async fn name(request: HttpRequest, captures…) -> Result`"
)]
pub trait First: Send + 'static {
    /// Made of the request.
    fn first(request: HttpRequest) -> Self;
}

impl First for HttpRequest {
    fn first(request: HttpRequest) -> Self {
        request
    }
}

/// The arguments of a view behind the request: a tuple of types that captures can become, or [`Kwargs`] alone.
#[diagnostic::on_unimplemented(
    message = "a capture cannot become one of these arguments: `{Self}`",
    note = "numbers, `String`, `Uuid`, `Option` of them, or a type of yours with `impl FromCapture`"
)]
pub trait Captures: Sized + Send + 'static {
    /// Do the captures of this route fit, in number and kind?
    ///
    /// # Errors
    /// What does not fit, and what to do.
    fn check(route: &Route) -> Result<(), String>;

    /// The arguments of one request.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] for a value that is out of the argument's range.
    fn take(matched: &ResolverMatch<'_>) -> Result<Self, Error>;
}

/// All captures, however many there are: for a view that serves routes of different shapes.
///
/// ```
/// use nuages::prelude::*;
/// use nuages::view::Kwargs;
///
/// async fn show(_request: HttpRequest, kwargs: Kwargs) -> Result {
///     Ok(HttpResponse::new(format!("{:?}", kwargs.get("year"))))
/// }
/// let routes = [path("", show), path("<int:year>/", show)];
/// ```
#[derive(Debug)]
pub struct Kwargs {
    matched: ResolverMatch<'static>,
}

impl Kwargs {
    /// The named argument of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&CaptureValue<'_>> {
        self.matched.kwarg(name)
    }
}

impl Deref for Kwargs {
    type Target = ResolverMatch<'static>;

    fn deref(&self) -> &ResolverMatch<'static> {
        &self.matched
    }
}

/// One argument behind the request: a type that a capture can become, or [`Kwargs`] alone.
#[diagnostic::on_unimplemented(
    message = "a capture cannot become a `{Self}`",
    label = "an argument of this view is no capture",
    note = "behind the request a view takes what its route captures: numbers, `String` (not `&str`), `Uuid`, `Option` of them, `Kwargs` for all of them, or a type of yours with `impl FromCapture`",
    note = "the request comes first: `async fn name(request: HttpRequest, captures…) -> Result`"
)]
pub trait Argument: Sized + Send + 'static {
    /// Does it take all captures at once?
    const TAKES_ALL: bool = false;

    /// Can the value at this position become it?
    ///
    /// # Errors
    /// Why not.
    fn check(route: &Route, position: usize) -> Result<(), String>;

    /// The value at this position.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] for a value out of range.
    fn take(matched: &ResolverMatch<'_>, position: usize) -> Result<Self, Error>;
}

#[diagnostic::do_not_recommend]
impl<A: FromCapture + Send + 'static> Argument for A {
    fn check(route: &Route, position: usize) -> Result<(), String> {
        match route.parameters().get(position) {
            Some(parameter) if !A::accepts(parameter) => Err(format!(
                "the value of {:?} ({}) cannot become the view's argument {} of the type {}",
                parameter.name().unwrap_or("the group"),
                parameter.converter().unwrap_or("a regular expression's group"),
                position.saturating_add(2),
                std::any::type_name::<A>(),
            )),
            _ => Ok(()),
        }
    }

    fn take(matched: &ResolverMatch<'_>, position: usize) -> Result<Self, Error> {
        let value = matched.argument(position).unwrap_or(&CaptureValue::None);
        A::from_capture(value).map_err(|error| Error::with_source(ErrorKind::NotFound, error))
    }
}

impl Argument for Kwargs {
    const TAKES_ALL: bool = true;

    fn check(_: &Route, _: usize) -> Result<(), String> {
        Ok(())
    }

    fn take(matched: &ResolverMatch<'_>, _: usize) -> Result<Self, Error> {
        Ok(Self { matched: matched.clone().into_owned() })
    }
}

fn check_count(route: &Route, wanted: usize) -> Result<(), String> {
    let given = route.parameters().len();
    if given == wanted {
        return Ok(());
    }
    let names: Vec<&str> =
        route.parameters().iter().map(|parameter| parameter.name().unwrap_or("unnamed")).collect();
    let values = if given == 1 { "value" } else { "values" };
    Err(format!(
        "the route gives {given} {values} ({}), the view takes {wanted} behind the request: write one argument for each, in order",
        names.join(", "),
    ))
}

impl Captures for () {
    fn check(route: &Route) -> Result<(), String> {
        check_count(route, 0)
    }

    fn take(_: &ResolverMatch<'_>) -> Result<Self, Error> {
        Ok(())
    }
}

macro_rules! tuples {
    ($($count:literal: $($name:ident $position:literal),+;)+) => {$(
        impl<$($name: Argument),+> Captures for ($($name,)+) {
            fn check(route: &Route) -> Result<(), String> {
                if !($($name::TAKES_ALL)||+) {
                    check_count(route, $count)?;
                }
                $($name::check(route, $position)?;)+
                Ok(())
            }

            fn take(matched: &ResolverMatch<'_>) -> Result<Self, Error> {
                Ok(($($name::take(matched, $position)?,)+))
            }
        }
    )+};
}
tuples! {
    1: A 0;
    2: A 0, B 1;
    3: A 0, B 1, C 2;
    4: A 0, B 1, C 2, D 3;
    5: A 0, B 1, C 2, D 3, E 4;
    6: A 0, B 1, C 2, D 3, E 4, F 5;
}
