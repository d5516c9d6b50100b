//! The context of a render, as the outermost of minijinja's scopes.

use std::sync::Arc;

use minijinja::value::{Enumerator, Object};
use minijinja::{State, Value};

use crate::moment;
use crate::translate::identifier::unmangle;

/// The name under which a template's functions find the root.
const NAME: &str = "_root";

/// The values of a context, and what else belongs to a render.
#[derive(Debug)]
pub(crate) struct Root {
    values: Value,
    /// The request, as Django's `context.request`.
    request: Option<Value>,
    /// How many templates of which each has rendered the next are around this one.
    pub(crate) depth: usize,
    /// The time zone of the template around this one, if there is one.
    zone: Option<Value>,
}

impl Root {
    pub(crate) fn new(values: Value, request: Option<Value>) -> Self {
        Self { values, request, depth: 0, zone: None }
    }

    /// The same with other values.
    pub(crate) fn map<E>(self, change: impl FnOnce(Value) -> Result<Value, E>) -> Result<Self, E> {
        Ok(Self { values: change(self.values)?, ..self })
    }

    /// The root of a template that another one renders with a context of its own.
    pub(crate) fn inner(values: Value, state: &State<'_, '_>, depth: usize) -> Self {
        let request = Self::of(state).and_then(|outer| outer.request.clone());
        let zone = Value::from_object(moment::current_zone(state));
        Self { values, request, depth, zone: Some(zone) }
    }

    /// The root of the render at hand.
    pub(crate) fn of(state: &State<'_, '_>) -> Option<Arc<Self>> {
        state.lookup(NAME)?.downcast_object::<Self>()
    }

    /// The request of a render: the one that was given with the context, or the variable `request`.
    pub(crate) fn request(state: &State<'_, '_>) -> Option<Value> {
        let given = Self::of(state).and_then(|root| root.request.clone());
        given.or_else(|| state.lookup("request")).filter(|request| !request.is_undefined())
    }

    fn variable(&self, name: &str) -> Option<Value> {
        self.values.get_attr(name).ok().filter(|value| !value.is_undefined())
    }
}

impl Object for Root {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        if key.starts_with('_') {
            if key == NAME {
                return Some(Value::from_dyn_object(Arc::clone(self)));
            }
            if let Some(name) = unmangle(key) {
                return self.variable(&name);
            }
        }
        match &self.zone {
            Some(zone) if key == moment::ZONE_KEY => Some(zone.clone()),
            _ => self.variable(key),
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.values.try_iter().into_iter().flatten().collect())
    }
}
