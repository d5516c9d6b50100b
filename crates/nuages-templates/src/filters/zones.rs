//! The filters of the libraries `tz` and `l10n`.

use minijinja::value::ValueKind;
use minijinja::{Error, State, Value};

use super::input::required;
use super::{ArgCount, Filter};
use crate::moment::{self, DateTime, Zone};
use crate::python;

pub(super) const FILTERS: &[Filter] = &[
    Filter::new("localize", ArgCount::None, localize).of("l10n"),
    Filter::new("localtime", ArgCount::None, localtime).of("tz"),
    Filter::new("timezone", ArgCount::Required, timezone).of("tz"),
    Filter::new("unlocalize", ArgCount::None, unlocalize).of("l10n"),
    Filter::new("utc", ArgCount::None, utc).of("tz"),
];

fn localtime(state: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    Ok(moved(state, value, moment::current_zone(state)))
}

fn utc(state: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    Ok(moved(state, value, Zone::UTC))
}

fn timezone(state: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
    let arg = required("timezone", arg)?;
    let zone = match arg.kind() {
        ValueKind::String => Zone::named(&python::str(arg)),
        _ => arg.downcast_object_ref::<Zone>().copied(),
    };
    Ok(zone.map_or_else(|| Value::from(""), |zone| moved(state, value, zone)))
}

/// The moment as the clock in a zone shows it, where it then stays; a naive one is taken to be in the site's zone.
fn moved(state: &State<'_, '_>, value: &Value, zone: Zone) -> Value {
    let Some(&moment) = value.downcast_object_ref::<DateTime>() else { return Value::from("") };
    let aware = if moment.is_naive() {
        DateTime::from_local(moment.local(), moment::default_zone(state))
    } else {
        moment
    };
    aware.in_zone(zone).pin().into()
}

fn localize(_: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    Ok(Value::from(python::text(value)))
}

fn unlocalize(_: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    // Without a locale numbers have no format, but dates have that of the settings.
    let plain = value.kind() == ValueKind::Plain;
    Ok(Value::from(if plain { python::text(value) } else { python::str(value) }))
}
