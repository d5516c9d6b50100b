//! `settings.toml`.

use std::ops::Range;
use std::path::Path;

use nuages_cache::DEFAULT_CACHE_ALIAS;
use nuages_http::{SettingValue, Settings};
use toml::de::{DeTable, DeValue};

use super::error::ConfigurationError;

/// Takes the settings of a file over; what is wrong is added to the errors, from top to bottom.
pub(super) fn apply(path: &Path, settings: &mut Settings, errors: &mut Vec<ConfigurationError>) {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            errors.push(ConfigurationError::in_file(path, format_args!("cannot be read: {error}")));
            return;
        }
    };
    let table = match DeTable::parse(&text) {
        Ok(table) => table.into_inner(),
        Err(error) => {
            // The error's own Display quotes the line, which may be that of SECRET_KEY.
            let line = line(&text, error.span());
            errors.push(ConfigurationError::at_line(path, line, error.message()));
            return;
        }
    };
    let mut entries: Vec<_> =
        table.iter().map(|(key, value)| (key.span().start, key.get_ref(), value.get_ref())).collect();
    entries.sort_unstable_by_key(|(start, ..)| *start);
    let has_cache_url = entries.iter().any(|(_, name, _)| name.as_ref() == "CACHE_URL");
    for (start, name, value) in entries {
        if let Err(error) = settings.set(name, &setting_value(value)) {
            errors.push(ConfigurationError::at_line(path, line(&text, Some(start..start)), error));
        } else if has_cache_url
            && name.as_ref() == "CACHES"
            && settings.CACHES.contains_key(DEFAULT_CACHE_ALIAS)
        {
            let message = "CACHES has a default cache, and so has CACHE_URL; take one of them out";
            errors.push(ConfigurationError::at_line(path, line(&text, Some(start..start)), message));
        }
    }
}

fn line(text: &str, span: Option<Range<usize>>) -> usize {
    let before = text.get(..span.map_or(0, |span| span.start)).unwrap_or(text);
    before.bytes().filter(|byte| *byte == b'\n').count().saturating_add(1)
}

fn setting_value(value: &DeValue<'_>) -> SettingValue {
    match value {
        DeValue::String(text) => SettingValue::Text(text.to_string()),
        DeValue::Boolean(value) => SettingValue::Bool(*value),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(SettingValue::Other("a number beyond 64 bits"), SettingValue::Integer),
        DeValue::Array(items) => {
            SettingValue::List(items.iter().map(|item| setting_value(item.get_ref())).collect())
        }
        DeValue::Float(_) => SettingValue::Other("a number with a fraction"),
        DeValue::Datetime(_) => SettingValue::Other("a date"),
        DeValue::Table(table) => {
            let entries =
                table.iter().map(|(key, value)| (key.get_ref().to_string(), setting_value(value.get_ref())));
            SettingValue::Table(entries.collect())
        }
    }
}
