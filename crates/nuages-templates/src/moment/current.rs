//! The time zone that is current: the site's, unless a tag has set another.

use minijinja::{Environment, State, Value};

use super::{DateTime, Zone};

/// Where the site's zone is kept among the globals; no template can spell a name with a blank.
pub(crate) const KEY: &str = "TIME ZONE";

/// Sets the site's time zone, `TIME_ZONE`, which is UTC otherwise.
///
/// ```
/// use nuages_templates::moment::{self, Zone};
///
/// let mut env = minijinja::Environment::new();
/// moment::set_time_zone(&mut env, Zone::named("Europe/Paris").unwrap());
/// assert_eq!(env.globals().count(), minijinja::Environment::new().globals().count() + 1);
/// ```
pub fn set_time_zone(env: &mut Environment<'_>, zone: Zone) {
    env.add_global(KEY, Value::from_object(zone));
}

/// What the tags `timezone` and `localtime` have opened and not yet closed.
#[derive(Default)]
struct Opened {
    zones: Vec<Zone>,
    conversions: Vec<bool>,
}

/// The site's time zone: Django's `get_default_timezone`.
pub(crate) fn default_zone(state: &State<'_, '_>) -> Zone {
    state.lookup(KEY).and_then(|zone| zone.downcast_object_ref::<Zone>().copied()).unwrap_or(Zone::UTC)
}

/// Django's `get_current_timezone`.
pub(crate) fn current_zone(state: &State<'_, '_>) -> Zone {
    let opened = state.get_extension::<Opened>().and_then(|opened| opened.zones.last().copied());
    opened.unwrap_or_else(|| default_zone(state))
}

/// `{% timezone zone %}`; without a zone it is the site's.
pub(crate) fn zone_starts(state: &mut State<'_, '_>, zone: Option<Zone>) {
    let zone = zone.unwrap_or_else(|| default_zone(state));
    state.get_or_insert_extension_with(Opened::default).zones.push(zone);
}

/// `{% endtimezone %}`.
pub(crate) fn zone_ends(state: &mut State<'_, '_>) {
    state.get_or_insert_extension_with(Opened::default).zones.pop();
}

/// `{% localtime on %}` or `off`.
pub(crate) fn conversion_starts(state: &mut State<'_, '_>, on: bool) {
    state.get_or_insert_extension_with(Opened::default).conversions.push(on);
}

/// `{% endlocaltime %}`.
pub(crate) fn conversion_ends(state: &mut State<'_, '_>) {
    state.get_or_insert_extension_with(Opened::default).conversions.pop();
}

/// A moment in the current zone, and every other value as it is: Django's `template_localtime`.
pub(crate) fn localized(state: &State<'_, '_>, value: &Value) -> Value {
    let Some(&moment) = value.downcast_object_ref::<DateTime>() else { return value.clone() };
    let off = state.get_extension::<Opened>().is_some_and(|opened| opened.conversions.last() == Some(&false));
    if off || moment.is_pinned() || moment.is_naive() {
        return value.clone();
    }
    moment.in_zone(current_zone(state)).into()
}
