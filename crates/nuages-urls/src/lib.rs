//! Django's URL patterns: converters, ordered resolving, reversing, namespaces.
//!
//! A table is a list of [`Entry`]; a [`Resolver`] is built from it once, with every mistake reported at that time, and
//! then answers two questions. [`Resolver::resolve`] finds the first route that matches a path, in order of
//! declaration, and [`Resolver::reverse`] makes the URL of a name. The crate knows no request and no view: a target is
//! any type.
//!
//! ```
//! use nuages_urls::{Converters, Entry, Resolver};
//!
//! let blog = vec![
//!     Entry::path("", "index").name("index"),
//!     Entry::path("<int:year>/<slug:slug>/", "show").name("show"),
//! ];
//! let entries = vec![
//!     Entry::include("blog/", blog).app_name("blog"),
//!     Entry::re_path(r"^page-(?P<n>[0-9]+)/$", "page").name("page"),
//! ];
//! let resolver = Resolver::new(entries, &Converters::new()).unwrap();
//!
//! let found = resolver.resolve("/blog/2024/rust/").unwrap();
//! assert_eq!(*found.target(), "show");
//! assert_eq!(found.view_name(), "blog:show");
//! assert_eq!(resolver.reverse("blog:show").arg(2024).arg("rust").url().unwrap(), "/blog/2024/rust/");
//! ```
//!
//! Behaviour is that of Django 5.2 (`django.urls`), case by case in the recorded tests. What differs:
//! - Regular expressions are matched in linear time, so look-around and backreferences are errors at start-up.
//! - Integers beyond 128 bits do not match the `int` converter; Django's limit is 4300 digits.
//! - A `%` in a pattern is a literal `%` when reversed; Django fails on it.
//! - Two routes of one name and the same arguments are an error at start-up; Django hides the former.
//! - A parameter that an included table repeats from its prefix can be reversed; Django fails on it.

mod builtin;
mod capture;
mod checks;
mod compile;
mod converter;
mod coverage;
mod dialect;
mod entry;
mod error;
mod index;
mod matched;
mod matcher;
mod pattern;
mod quote;
mod resolver;
mod reverse;
mod route;
mod scope;
mod shape;
mod table;
mod value;

pub use capture::{CaptureError, Custom, FromCapture};
pub use converter::{Converter, Converters, CustomType, ValueType};
pub use entry::Entry;
pub use error::{
    NoReverseMatch, NoReverseMatchKind, Resolver404, UrlError, UrlErrorKind, UrlErrors, UrlWarning,
};
pub use matched::{Match, ResolverMatch};
pub use resolver::Resolver;
pub use reverse::{QueryValues, Reverse};
pub use route::{Parameter, Route};
pub use value::{CaptureValue, CustomValue};
