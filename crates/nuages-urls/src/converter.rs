//! Converters: what a capture of `path()` matches, and what it means.

use std::any::{Any, TypeId, type_name};
use std::collections::HashMap;
use std::fmt;
use std::panic::Location;
use std::sync::Arc;

use uuid::Uuid;

use crate::builtin::Builtin;
use crate::value::{CaptureValue, CustomValue};

/// A converter of an application's own, Django's class with `regex`, `to_python` and `to_url`.
///
/// ```
/// use nuages_urls::{Converter, Converters, Entry, Resolver};
///
/// struct FourDigitYear;
///
/// impl Converter for FourDigitYear {
///     type Value = u16;
///
///     fn regex(&self) -> &str {
///         "[0-9]{4}"
///     }
///     fn to_value(&self, text: &str) -> Option<u16> {
///         text.parse().ok()
///     }
///     fn to_url(&self, value: &u16) -> Option<String> {
///         (*value <= 9999).then(|| format!("{value:04}"))
///     }
/// }
///
/// let converters = Converters::new().register("yyyy", FourDigitYear);
/// let entries = vec![Entry::path("articles/<yyyy:year>/", "archive").name("archive")];
/// let resolver = Resolver::new(entries, &converters).unwrap();
/// assert_eq!(resolver.reverse("archive").arg(476).url().unwrap(), "/articles/0476/");
/// assert_eq!(resolver.resolve("/articles/0476/").unwrap().argument(0).unwrap(), &476.into());
/// ```
#[doc(alias = "register_converter")]
pub trait Converter: Send + Sync + 'static {
    /// What the text of the URL means. Integers, `String`, `bool`, `f64` and `Uuid` arrive in a match as the
    /// [`CaptureValue`] of that kind, any other type as [`CaptureValue::Custom`].
    type Value: Any + Clone + Send + Sync;

    /// The regular expression that the text must match, in Python's syntax, without anchors.
    fn regex(&self) -> &str;

    /// Reads the text; `None` means that the route does not match (Django's `ValueError`).
    fn to_value(&self, text: &str) -> Option<Self::Value>;

    /// Writes the value; `None` means that the route cannot be reversed with it (Django's `ValueError`).
    fn to_url(&self, value: &Self::Value) -> Option<String>;

    /// Turns what a caller of `reverse` gave into a value of this converter.
    ///
    /// By default a [`CustomValue`] of the right type is taken as it is, numbers become each other as Python's
    /// `int()` and `float()` do (text in decimal included), and everything becomes text for a `String`.
    fn take_argument(&self, argument: &CaptureValue<'_>) -> Option<Self::Value> {
        cast(argument)
    }
}

/// The kind of value that a parameter of a route holds, known at start-up.
///
/// ```
/// use nuages_urls::{Converters, Entry, Resolver, ValueType};
///
/// let entries = vec![Entry::path("articles/<int:year>/<slug:slug>/", "show")];
/// let resolver = Resolver::new(entries, &Converters::new()).unwrap();
/// let (route, _) = resolver.routes().next().unwrap();
/// let types: Vec<ValueType> = route.parameters().iter().map(|parameter| parameter.value_type()).collect();
/// assert_eq!(types, [ValueType::Int, ValueType::Str]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValueType {
    /// [`CaptureValue::None`].
    None,
    /// [`CaptureValue::Bool`].
    Bool,
    /// [`CaptureValue::Int`].
    Int,
    /// [`CaptureValue::Float`].
    Float,
    /// [`CaptureValue::Str`] from a converter.
    Str,
    /// [`CaptureValue::Str`] from a group of a regular expression, whose meaning only the view knows.
    Group,
    /// [`CaptureValue::Uuid`].
    Uuid,
    /// [`CaptureValue::Custom`] holding this type.
    Custom(CustomType),
}

/// The type inside a [`CustomValue`].
///
/// ```
/// use nuages_urls::{CustomType, CustomValue};
///
/// struct Month(u8);
///
/// let custom_type: CustomType = CustomValue::new(Month(2), "feb").custom_type();
/// assert!(custom_type.is::<Month>() && !custom_type.is::<u8>());
/// assert!(custom_type.name().ends_with("Month"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CustomType {
    id: TypeId,
    name: &'static str,
}

impl CustomType {
    pub(crate) fn of<V: Any>() -> Self {
        Self { id: TypeId::of::<V>(), name: type_name::<V>() }
    }

    /// Tells whether the type is `V`.
    pub fn is<V: Any>(&self) -> bool {
        self.id == TypeId::of::<V>()
    }

    /// Returns the name of the type, for messages.
    pub fn name(&self) -> &'static str {
        self.name
    }
}

impl fmt::Display for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "nothing",
            Self::Bool => "a truth value",
            Self::Int => "an integer",
            Self::Float => "a float",
            Self::Str => "text",
            Self::Group => "the text of a group",
            Self::Uuid => "a UUID",
            Self::Custom(custom) => custom.name,
        })
    }
}

macro_rules! for_integers {
    ($mac:ident) => {
        $mac!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, usize)
    };
}

/// The kind of value that a converter's type arrives as.
fn value_type<V: Any>() -> ValueType {
    let id = TypeId::of::<V>();
    macro_rules! is_integer {
        ($($number:ty),*) => { false $(|| id == TypeId::of::<$number>())* };
    }
    if for_integers!(is_integer) {
        ValueType::Int
    } else if id == TypeId::of::<String>() {
        ValueType::Str
    } else if id == TypeId::of::<Uuid>() {
        ValueType::Uuid
    } else if id == TypeId::of::<bool>() {
        ValueType::Bool
    } else if id == TypeId::of::<f64>() {
        ValueType::Float
    } else {
        ValueType::Custom(CustomType::of::<V>())
    }
}

/// Turns a converter's value into the value of a match.
fn erase<V: Any + Clone + Send + Sync>(value: V, text: &str) -> CaptureValue<'static> {
    let any: &dyn Any = &value;
    macro_rules! integers {
        ($($number:ty),*) => {$(
            if let Some(number) = any.downcast_ref::<$number>() {
                return CaptureValue::from(*number);
            }
        )*};
    }
    for_integers!(integers);
    if let Some(text) = any.downcast_ref::<String>() {
        return CaptureValue::from(text.clone());
    }
    if let Some(uuid) = any.downcast_ref::<Uuid>() {
        return CaptureValue::from(*uuid);
    }
    if let Some(value) = any.downcast_ref::<bool>() {
        return CaptureValue::from(*value);
    }
    if let Some(number) = any.downcast_ref::<f64>() {
        return CaptureValue::from(*number);
    }
    CaptureValue::Custom(CustomValue::new(value, text))
}

/// Turns an argument of `reverse` into a converter's value.
fn cast<V: Any + Clone>(argument: &CaptureValue<'_>) -> Option<V> {
    if let CaptureValue::Custom(custom) = argument {
        return custom.downcast_ref::<V>().cloned();
    }
    let id = TypeId::of::<V>();
    macro_rules! integers {
        ($($number:ty),*) => {$(
            if id == TypeId::of::<$number>() {
                return same(<$number>::try_from(to_int(argument)?).ok()?);
            }
        )*};
    }
    for_integers!(integers);
    if id == TypeId::of::<String>() {
        return same(argument.to_string());
    }
    if id == TypeId::of::<f64>() {
        return same(match argument {
            CaptureValue::Str(text) => text.parse().ok()?,
            other => to_float(other)?,
        });
    }
    match argument {
        CaptureValue::Uuid(uuid) => same(*uuid),
        CaptureValue::Str(text) if id == TypeId::of::<Uuid>() => same(Uuid::try_parse(text).ok()?),
        CaptureValue::Bool(value) => same(*value),
        _ => None,
    }
}

/// Returns the value as a `V` if that is its type.
fn same<A: Any + Clone, V: Any + Clone>(value: A) -> Option<V> {
    (&value as &dyn Any).downcast_ref::<V>().cloned()
}

/// Python's `int()`.
fn to_int(argument: &CaptureValue<'_>) -> Option<i128> {
    match argument {
        CaptureValue::Int(number) => Some(*number),
        CaptureValue::Bool(value) => Some(i128::from(*value)),
        // `as` saturates; beyond 2^63 a float is no exact integer anyway.
        #[expect(clippy::cast_possible_truncation, reason = "int() cuts the fraction off")]
        CaptureValue::Float(number) if number.is_finite() => Some(number.trunc() as i128),
        CaptureValue::Str(text) => text.parse().ok(),
        _ => None,
    }
}

/// Python's `float()` of a number.
fn to_float(argument: &CaptureValue<'_>) -> Option<f64> {
    match argument {
        CaptureValue::Float(number) => Some(*number),
        #[expect(clippy::cast_precision_loss, reason = "float() rounds")]
        other => to_int(other).map(|number| number as f64),
    }
}

/// A custom converter with its value type erased.
pub(crate) trait ErasedConverter: Send + Sync {
    fn pattern(&self) -> &str;
    fn read(&self, text: &str) -> Option<CaptureValue<'static>>;
    fn write(&self, argument: &CaptureValue<'_>) -> Option<String>;
    fn value_type(&self) -> ValueType;
}

impl<C: Converter> ErasedConverter for C {
    fn pattern(&self) -> &str {
        self.regex()
    }

    fn read(&self, text: &str) -> Option<CaptureValue<'static>> {
        self.to_value(text).map(|value| erase(value, text))
    }

    fn write(&self, argument: &CaptureValue<'_>) -> Option<String> {
        self.to_url(&self.take_argument(argument)?)
    }

    fn value_type(&self) -> ValueType {
        value_type::<C::Value>()
    }
}

/// The converter of one capture.
#[derive(Clone)]
pub(crate) enum AnyConverter {
    Builtin(Builtin),
    Custom(Arc<dyn ErasedConverter>),
}

impl AnyConverter {
    pub(crate) fn value_type(&self) -> ValueType {
        match self {
            Self::Builtin(builtin) => builtin.value_type(),
            Self::Custom(custom) => custom.value_type(),
        }
    }

    /// The text of an argument in a URL.
    pub(crate) fn write(&self, argument: &CaptureValue<'_>) -> Option<String> {
        match self {
            Self::Builtin(_) => Some(argument.to_string()),
            Self::Custom(custom) => custom.write(argument),
        }
    }

    /// Tells whether every text that `other` accepts is accepted here; `false` where that is not known.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Builtin(a), Self::Builtin(b)) => a.covers(*b),
            (Self::Custom(a), Self::Custom(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }
}

/// The converters that the routes of one table may name: the built-in ones and an application's own.
///
/// There is no global registry; a table is built with the converters it is given.
#[derive(Clone, Default)]
pub struct Converters {
    custom: HashMap<String, (Arc<dyn ErasedConverter>, &'static Location<'static>)>,
    /// Names given twice or unusable, reported when a table is built.
    pub(crate) mistakes: Vec<(String, String, &'static Location<'static>)>,
}

impl Converters {
    /// Makes a registry with Django's built-in converters: `int`, `path`, `slug`, `str` and `uuid`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a converter under the name that patterns use, as `register_converter` does.
    ///
    /// A name that is taken, be it by a built-in converter, is an error of every table built with the registry:
    /// Django 5.2 warns that replacing a converter is deprecated, Django 6.0 refuses.
    #[track_caller]
    #[must_use]
    pub fn register(mut self, name: &str, converter: impl Converter) -> Self {
        let location = Location::caller();
        let mistake = if Builtin::by_name(name).is_some() {
            Some(format!("the converter '{name}' is built in; register yours under another name"))
        } else if let Some((_, first)) = self.custom.get(name) {
            Some(format!("the converter '{name}' is already registered at {first}; choose another name"))
        } else if name.is_empty()
            || name.contains(|c: char| c.is_whitespace() || matches!(c, ':' | '<' | '>'))
        {
            Some(format!("'{name}' cannot name a converter; leave out ':', '<', '>' and white space"))
        } else {
            None
        };
        match mistake {
            Some(mistake) => self.mistakes.push((name.to_owned(), mistake, location)),
            None => {
                self.custom.insert(name.to_owned(), (Arc::new(converter), location));
            }
        }
        self
    }

    /// Adds the converters of another registry: of an included table, say. The same registration, met twice, counts once.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.mistakes.extend(other.mistakes);
        for (name, (converter, location)) in other.custom {
            match self.custom.get(&name) {
                Some((_, first)) if *first == location => {}
                Some((_, first)) => {
                    let mistake = format!(
                        "the converter '{name}' is already registered at {first}; choose another name"
                    );
                    self.mistakes.push((name, mistake, location));
                }
                None => {
                    self.custom.insert(name, (converter, location));
                }
            }
        }
        self
    }

    pub(crate) fn get(&self, name: &str) -> Option<AnyConverter> {
        match Builtin::by_name(name) {
            Some(builtin) => Some(AnyConverter::Builtin(builtin)),
            None => self.custom.get(name).map(|(converter, _)| AnyConverter::Custom(Arc::clone(converter))),
        }
    }

    /// The names of all converters, sorted.
    pub(crate) fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.custom.keys().map(String::as_str).chain(Builtin::NAMES).collect();
        names.sort_unstable();
        names
    }
}

impl fmt::Debug for Converters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}
