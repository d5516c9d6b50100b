//! What dates and times are to the engine: plain values with attributes.

/// Makes a value of the engine of a type that has `attribute(&self, name)` and prints as Python does.
///
/// `$order` compares two; `$truth` is what `{% if %}` asks.
macro_rules! object {
    ($type:ident, $order:expr, $truth:expr) => {
        impl From<$type> for minijinja::Value {
            fn from(moment: $type) -> Self {
                Self::from_object(moment)
            }
        }

        impl minijinja::value::Object for $type {
            fn repr(self: &std::sync::Arc<Self>) -> minijinja::value::ObjectRepr {
                minijinja::value::ObjectRepr::Plain
            }

            fn get_value(self: &std::sync::Arc<Self>, key: &minijinja::Value) -> Option<minijinja::Value> {
                self.attribute(key.as_str()?)
            }

            fn call_method(
                self: &std::sync::Arc<Self>,
                _: &mut minijinja::State<'_, '_>,
                method: &str,
                args: &[minijinja::Value],
            ) -> Result<minijinja::Value, minijinja::Error> {
                super::source::method(self.attribute(method), args)
            }

            fn is_true(self: &std::sync::Arc<Self>) -> bool {
                let truth: fn(&Self) -> bool = $truth;
                truth(self)
            }

            fn custom_cmp(
                self: &std::sync::Arc<Self>,
                other: &minijinja::value::DynObject,
            ) -> Option<std::cmp::Ordering> {
                let order: fn(&Self, &Self) -> std::cmp::Ordering = $order;
                Some(order(self, other.downcast_ref::<Self>()?))
            }

            fn render(self: &std::sync::Arc<Self>, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&**self, f)
            }
        }
    };
}

pub(super) use object;
