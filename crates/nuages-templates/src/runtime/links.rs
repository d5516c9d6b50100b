//! `{% url %}`, `{% static %}`, the prefixes, `{% querystring %}` and `{% cache %}`: what the site answers.

use std::sync::Arc;

use minijinja::value::ValueKind;
use minijinja::{Environment, Error, State, Value};

use super::memory::raised;
use super::root::Root;
use super::values::refused;
use crate::engine::Config;
use crate::error::{TemplateError, TemplateErrorKind};
use crate::links::encoded;
use crate::python;
use crate::site::{Fragment, Reverse};

pub(super) fn register(env: &mut Environment<'_>, config: &Arc<Config>) {
    let site = Arc::clone(&config.site);
    env.add_function(
        "_url",
        move |state: &mut State<'_, '_>, name: Value, args: Value, kwargs: Value, quiet: bool| {
            let (name, args, kwargs) = (python::str(&name).into_owned(), texts(&args), pairs(&kwargs));
            let current_app = current_app(state);
            let url =
                Reverse { name: &name, args: &args, kwargs: &kwargs, current_app: current_app.as_deref() };
            match site.reverse(&url) {
                Ok(url) => Ok(url),
                Err(_) if quiet => Ok(String::new()),
                Err(error) => Err(raised(
                    TemplateError::new(TemplateErrorKind::NoReverseMatch, error.to_string())
                        .with_hint(Some("{% url … as name %} is empty where no URL fits".to_owned())),
                )),
            }
        },
    );
    let site = Arc::clone(&config.site);
    env.add_function("_static", move |path: Value| {
        site.static_url(&python::str(&path)).map_err(|error| refused(error.to_string()))
    });
    let site = Arc::clone(&config.site);
    env.add_function("_static_prefix", move || site.static_prefix());
    let site = Arc::clone(&config.site);
    env.add_function("_media_prefix", move || site.media_prefix());
    env.add_function("_querystring", query_string);
    let site = Arc::clone(&config.site);
    env.add_function("_cache_get", move |state: &mut State<'_, '_>, fragment: Value| {
        let found = with_fragment(state, &fragment, |fragment| site.cached(fragment))?;
        Ok::<_, Error>(found.map_or(Value::UNDEFINED, Value::from_safe_string))
    });
    let site = Arc::clone(&config.site);
    env.add_function("_cache_set", move |state: &mut State<'_, '_>, fragment: Value, content: &str| {
        with_fragment(state, &fragment, |fragment| site.cache(fragment, content))
    });
}

/// What the site says of a fragment, which is a list: time, name, what it varies on, and the cache if the tag has one.
fn with_fragment<T>(
    state: &State<'_, '_>,
    fragment: &Value,
    ask: impl FnOnce(&Fragment<'_>) -> Result<T, Box<dyn std::error::Error + Send + Sync>>,
) -> Result<T, Error> {
    let part = |index: usize| fragment.get_item_by_index(index).unwrap_or_default();
    let (name, using) = (part(1), part(3));
    let (vary, request) = (texts(&part(2)), Root::request(state));
    let cache = (!using.is_undefined()).then(|| python::str(&using));
    let fragment = Fragment {
        name: name.as_str().unwrap_or_default(),
        vary: &vary,
        timeout: seconds(&part(0))?,
        cache: cache.as_deref(),
        request: request.as_ref(),
    };
    ask(&fragment).map_err(|error| raised(TemplateError::new(TemplateErrorKind::Syntax, error.to_string())))
}

fn seconds(timeout: &Value) -> Result<Option<i64>, Error> {
    if timeout.is_none() {
        return Ok(None);
    }
    // What is beyond 64 bits never ends, or has ended long ago.
    let end = |seconds: i128| if seconds < 0 { i64::MIN } else { i64::MAX };
    let seconds = python::int(timeout).map(|seconds| i64::try_from(seconds).unwrap_or_else(|_| end(seconds)));
    seconds.map(Some).ok_or_else(|| {
        raised(TemplateError::new(
            TemplateErrorKind::Syntax,
            format!("the time of a 'cache' must be a number of seconds, not {}", python::repr(timeout)),
        ))
    })
}

fn texts(list: &Value) -> Vec<String> {
    list.try_iter().into_iter().flatten().map(|value| python::str(&value).into_owned()).collect()
}

fn pairs(map: &Value) -> Vec<(String, String)> {
    let keys = map.try_iter().into_iter().flatten();
    keys.map(|key| {
        let value = map.get_item(&key).unwrap_or_default();
        (python::str(&key).into_owned(), python::str(&value).into_owned())
    })
    .collect()
}

/// Django's rule: what the request says, or else the namespace of the URL that it came to.
fn current_app(state: &State<'_, '_>) -> Option<String> {
    let request = Root::request(state)?;
    let attribute =
        |value: &Value, name: &str| value.get_attr(name).ok().filter(|found| !found.is_undefined());
    let app = attribute(&request, "current_app")
        .or_else(|| attribute(&attribute(&request, "resolver_match")?, "namespace"))?;
    python::truth(&app).then(|| python::str(&app).into_owned())
}

/// The query of the request, or another one, with changes.
fn query_string(state: &mut State<'_, '_>, base: Value, changes: Value) -> Result<String, Error> {
    let base = if base.is_none() {
        Root::request(state)
            .and_then(|request| request.get_attr("GET").ok())
            .filter(|query| !query.is_undefined())
            .ok_or_else(|| {
                refused("'querystring' needs the request; give it a query: {% querystring query page=2 %}")
            })?
    } else {
        base
    };
    let mut query: Vec<(String, Vec<String>)> = Vec::new();
    for key in base.try_iter()? {
        // A query keeps all values of a key as `lists`, as Django's QueryDict; a dictionary has one of each.
        let values = base.get_attr("lists").ok().and_then(|lists| lists.get_item(&key).ok());
        let values = values.filter(|values| !values.is_undefined());
        let values = values.unwrap_or_else(|| base.get_item(&key).unwrap_or_default());
        query.push((python::str(&key).into_owned(), several(&values)));
    }
    let was_empty = query.is_empty();
    for key in changes.try_iter()? {
        let (name, value) = (python::str(&key).into_owned(), changes.get_item(&key)?);
        let at = query.iter().position(|(known, _)| *known == name);
        match (at, value.is_none()) {
            (Some(at), true) => drop(query.remove(at)),
            (None, true) => {}
            (Some(at), false) => query[at].1 = several(&value),
            (None, false) => query.push((name, several(&value))),
        }
    }
    if query.is_empty() && was_empty {
        return Ok(String::new());
    }
    let pairs: Vec<(String, String)> = query
        .into_iter()
        .flat_map(|(key, values)| values.into_iter().map(move |value| (key.clone(), value)))
        .collect();
    Ok(format!("?{}", encoded(&pairs)))
}

/// The texts of a list, or the one text of another value.
fn several(value: &Value) -> Vec<String> {
    match value.kind() {
        ValueKind::Seq | ValueKind::Iterable | ValueKind::Map => texts(value),
        _ => vec![python::str(value).into_owned()],
    }
}
