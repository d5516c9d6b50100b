//! `==` and `<`.

use std::cmp::Ordering;

use minijinja::Value;
use minijinja::value::ValueKind;

use crate::moment::{Date, DateTime, Duration, Time};

/// Compares two values by their kinds as Python does; nothing stands for the `TypeError` that Python raises, and for NaN.
///
/// ```
/// use std::cmp::Ordering;
/// use nuages_templates::{Value, python::compare};
///
/// assert_eq!(compare(&Value::from(1), &Value::from(1.5)), Some(Ordering::Less));
/// assert_eq!(compare(&Value::from("b"), &Value::from("a")), Some(Ordering::Greater));
/// assert_eq!(compare(&Value::from(1), &Value::from("1")), None);
/// ```
pub fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    if let (Some(left), Some(right)) = (Number::of(left), Number::of(right)) {
        return left.compare(right);
    }
    match (left.kind(), right.kind()) {
        (ValueKind::String, ValueKind::String) | (ValueKind::Bytes, ValueKind::Bytes) => {
            Some(left.as_bytes()?.cmp(right.as_bytes()?))
        }
        (ValueKind::Seq, ValueKind::Seq) if left.is_tuple() == right.is_tuple() => sequences(left, right),
        (ValueKind::Plain, ValueKind::Plain) => moments(left, right),
        _ => None,
    }
}

/// Says whether two values are equal in Python: `1 == 1.0 == True`, a text is never a number, a tuple never a list.
///
/// ```
/// use nuages_templates::{Value, python::equal};
///
/// assert!(equal(&Value::from(1), &Value::from(true)));
/// assert!(!equal(&Value::from(1), &Value::from("1")));
/// assert!(equal(&Value::from(vec![1, 2]), &Value::from(vec![1.0, 2.0])));
/// ```
pub fn equal(left: &Value, right: &Value) -> bool {
    if let (Some(left), Some(right)) = (Number::of(left), Number::of(right)) {
        return left.compare(right) == Some(Ordering::Equal);
    }
    let none = |value: &Value| value.is_none() || value.is_undefined();
    match (left.kind(), right.kind()) {
        _ if none(left) || none(right) => none(left) && none(right),
        (ValueKind::String, ValueKind::String) | (ValueKind::Bytes, ValueKind::Bytes) => {
            left.as_bytes() == right.as_bytes()
        }
        (ValueKind::Seq, ValueKind::Seq) => {
            left.is_tuple() == right.is_tuple()
                && left.len() == right.len()
                && items(left).zip(items(right)).all(|(left, right)| equal(&left, &right))
        }
        (ValueKind::Map, ValueKind::Map) => {
            left.len() == right.len()
                && items(left).all(|key| match (left.get_item(&key), right.get_item(&key)) {
                    (Ok(left), Ok(right)) => !right.is_undefined() && equal(&left, &right),
                    _ => false,
                })
        }
        (ValueKind::Plain, ValueKind::Plain) => {
            moments(left, right).map_or_else(|| left == right, Ordering::is_eq)
        }
        (left_kind, right_kind) => left_kind == right_kind && left == right,
    }
}

fn items(value: &Value) -> impl Iterator<Item = Value> {
    value.try_iter().into_iter().flatten()
}

fn sequences(left: &Value, right: &Value) -> Option<Ordering> {
    for (left, right) in items(left).zip(items(right)) {
        if !equal(&left, &right) {
            return compare(&left, &right);
        }
    }
    Some(left.len().cmp(&right.len()))
}

fn moments(left: &Value, right: &Value) -> Option<Ordering> {
    fn of<'a, T: 'static>(left: &'a Value, right: &'a Value) -> Option<(&'a T, &'a T)> {
        Some((left.downcast_object_ref::<T>()?, right.downcast_object_ref::<T>()?))
    }
    if let Some((left, right)) = of::<DateTime>(left, right) {
        return left.compare(right);
    }
    if let Some((left, right)) = of::<Date>(left, right) {
        return Some(left.cmp(right));
    }
    if let Some((left, right)) = of::<Time>(left, right) {
        return Some(left.cmp(right));
    }
    let (left, right) = of::<Duration>(left, right)?;
    Some(left.cmp(right))
}

#[derive(Clone, Copy)]
enum Number {
    Int(i128),
    Float(f64),
}

impl Number {
    fn of(value: &Value) -> Option<Self> {
        match value.kind() {
            ValueKind::Bool => Some(Self::Int(i128::from(value.is_true()))),
            ValueKind::Number if value.is_integer() => match i128::try_from(value.clone()) {
                Ok(number) => Some(Self::Int(number)),
                // Beyond 127 bits.
                Err(_) => f64::try_from(value.clone()).ok().map(Self::Float),
            },
            ValueKind::Number => f64::try_from(value.clone()).ok().map(Self::Float),
            _ => None,
        }
    }

    fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Int(left), Self::Int(right)) => Some(left.cmp(&right)),
            (Self::Float(left), Self::Float(right)) => left.partial_cmp(&right),
            (Self::Int(left), Self::Float(right)) => int_and_float(left, right),
            (Self::Float(left), Self::Int(right)) => int_and_float(right, left).map(Ordering::reverse),
        }
    }
}

/// Exactly, as Python does: a large integer is not rounded to a float first.
fn int_and_float(left: i128, right: f64) -> Option<Ordering> {
    if right.is_nan() {
        return None;
    }
    if right >= 2f64.powi(127) {
        return Some(Ordering::Less);
    }
    if right < -(2f64.powi(127)) {
        return Some(Ordering::Greater);
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the bounds were checked, and the fraction is looked at next"
    )]
    let whole = right.trunc() as i128;
    Some(left.cmp(&whole).then_with(|| 0.0.partial_cmp(&right.fract()).unwrap_or(Ordering::Equal)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_exactly() {
        let big = 9_007_199_254_740_993i64;
        for (left, right, wanted) in [
            (Value::from(big), Value::from(9_007_199_254_740_992.0), Some(Ordering::Greater)),
            (Value::from(1), Value::from(1.0), Some(Ordering::Equal)),
            (Value::from(-1), Value::from(-1.5), Some(Ordering::Greater)),
            (Value::from(true), Value::from(2), Some(Ordering::Less)),
            (Value::from(1), Value::from(f64::NAN), None),
            (Value::from(1), Value::from(f64::INFINITY), Some(Ordering::Less)),
            (Value::from(vec![1, 2]), Value::from(vec![1, 3]), Some(Ordering::Less)),
            (Value::from(vec![1]), Value::from(vec![1, 3]), Some(Ordering::Less)),
            (Value::from("a"), Value::from(1), None),
            (Value::from(()), Value::from(()), None),
        ] {
            assert_eq!(compare(&left, &right), wanted, "{left:?} {right:?}");
        }
    }

    #[test]
    fn kinds_are_kept_apart() {
        let tuple = Value::from(minijinja::value::Tuple::from(vec![Value::from(1)]));
        assert!(!equal(&tuple, &Value::from(vec![1])));
        assert!(!equal(&Value::from("1"), &Value::from(1)));
        assert!(equal(&Value::from(()), &Value::from(())));
        assert!(!equal(&Value::from(()), &Value::from(0)));
        assert!(equal(&minijinja::context! { a => 1, b => 2 }, &minijinja::context! { b => 2.0, a => true }));
        assert!(!equal(&minijinja::context! { a => 1 }, &minijinja::context! { b => 1 }));
    }
}
