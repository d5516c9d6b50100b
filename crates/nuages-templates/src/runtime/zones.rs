//! `{% now %}`, `{% timezone %}`, `{% localtime %}` and `{% get_current_timezone %}`.

use minijinja::{Environment, Error, State, Value};

use super::memory::raised;
use crate::error::{TemplateError, TemplateErrorKind};
use crate::moment::{self, Zone};
use crate::python;

pub(super) fn register(env: &mut Environment<'_>) {
    env.add_function("_now", || moment::value(&chrono::Utc::now()));
    env.add_function("_time_zone", |state: &mut State<'_, '_>| moment::current_zone(state).to_string());
    env.add_function("_zone_starts", |state: &mut State<'_, '_>, zone: Value| -> Result<(), Error> {
        let zone = zone_of(&zone)?;
        moment::zone_starts(state, zone);
        Ok(())
    });
    env.add_function("_zone_ends", |state: &mut State<'_, '_>| moment::zone_ends(state));
    env.add_function("_conversion_starts", |state: &mut State<'_, '_>, on: bool| {
        moment::conversion_starts(state, on);
    });
    env.add_function("_conversion_ends", |state: &mut State<'_, '_>| moment::conversion_ends(state));
}

/// The zone that a tag was given; nothing is the site's own.
fn zone_of(zone: &Value) -> Result<Option<Zone>, Error> {
    if zone.is_none() {
        return Ok(None);
    }
    let known = zone.downcast_object_ref::<Zone>().copied().or_else(|| Zone::named(zone.as_str()?));
    known.map(Some).ok_or_else(|| {
        let message = format!("{} is not the name of a time zone", python::repr(zone));
        raised(
            TemplateError::new(TemplateErrorKind::Render, message)
                .with_hint(Some("write a name as 'Europe/Paris'".to_owned())),
        )
    })
}
