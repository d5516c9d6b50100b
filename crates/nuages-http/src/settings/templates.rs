//! Django's `TEMPLATES`: where templates are, and how they are read.

use super::value::{FromSetting, SettingError, SettingValue};

/// The one engine of `TEMPLATES`, under Django's names; Django's list of engines has a single entry here.
///
/// ```
/// use nuages_http::{Settings, TemplateSetting};
///
/// let templates = TemplateSetting { DIRS: vec!["pages".into()], ..TemplateSetting::default() };
/// let settings = Settings { TEMPLATES: templates, ..Settings::default() };
/// assert!(settings.TEMPLATES.autoescape && settings.TEMPLATES.APP_DIRS);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(non_snake_case, reason = "the names are Django's")]
pub struct TemplateSetting {
    /// The folders that are searched first, in this order: `["templates"]`. Django has none by default.
    pub DIRS: Vec<String>,
    /// Then the folders `templates` of the apps, by name. Django leaves it off by default.
    pub APP_DIRS: bool,
    /// Where the apps are: `src`, for `src/polls/templates`. Django has a list of packages instead.
    pub APPS: String,
    /// `OPTIONS`: what is written is escaped for HTML unless it is marked safe.
    pub autoescape: bool,
    /// `OPTIONS`: what stands for a variable that is missing; `%s` in it becomes its name.
    pub string_if_invalid: String,
}

impl Default for TemplateSetting {
    fn default() -> Self {
        Self {
            DIRS: vec!["templates".to_owned()],
            APP_DIRS: true,
            APPS: "src".to_owned(),
            autoescape: true,
            string_if_invalid: String::new(),
        }
    }
}

const MEMBERS: &str = "DIRS, APP_DIRS, APPS and OPTIONS";

impl TemplateSetting {
    fn set(&mut self, name: &str, value: &SettingValue) -> Result<(), SettingError> {
        match name {
            "DIRS" => self.DIRS = FromSetting::from_value(value)?,
            "APP_DIRS" => self.APP_DIRS = FromSetting::from_value(value)?,
            "APPS" => self.APPS = FromSetting::from_value(value)?,
            "OPTIONS" => return self.set_options(value),
            // Of Django's engines it is the one that we have.
            "BACKEND" => {
                let backend: String = FromSetting::from_value(value)?;
                if backend != "django.template.backends.django.DjangoTemplates" {
                    return Err(SettingError::new(
                        "takes only \"django.template.backends.django.DjangoTemplates\"; leave it out",
                    ));
                }
            }
            _ => return Err(SettingError::new(format!("is not known; TEMPLATES has {MEMBERS}"))),
        }
        Ok(())
    }

    fn set_options(&mut self, value: &SettingValue) -> Result<(), SettingError> {
        let SettingValue::Table(options) = value else {
            return Err(SettingError::new("takes a table, such as { string_if_invalid = \"?\" }"));
        };
        for (name, value) in options {
            let named = |error| SettingError::new(format!("{name} {error}"));
            match name.as_str() {
                "autoescape" => self.autoescape = FromSetting::from_value(value).map_err(named)?,
                "string_if_invalid" => {
                    self.string_if_invalid = FromSetting::from_value(value).map_err(named)?;
                }
                "context_processors" | "libraries" | "builtins" | "loaders" => {
                    return Err(SettingError::new(format!(
                        "{name} is code, which no file holds: give it to App::templates or App::context_processor",
                    )));
                }
                _ => {
                    return Err(SettingError::new(format!(
                        "{name} is not known; there are autoescape and string_if_invalid",
                    )));
                }
            }
        }
        Ok(())
    }
}

impl FromSetting for TemplateSetting {
    const TAKES: &'static str = "a table, such as [TEMPLATES] with DIRS";

    fn from_value(value: &SettingValue) -> Result<Self, SettingError> {
        let members = match value {
            SettingValue::Table(members) => members,
            // As Django writes it: a list, of one engine.
            SettingValue::List(engines) => match engines.as_slice() {
                [SettingValue::Table(members)] => members,
                _ => return Err(SettingError::new("takes one engine, in a table [TEMPLATES]")),
            },
            _ => return Err(SettingError::new(format!("takes {}", Self::TAKES))),
        };
        let mut read = Self::default();
        for (name, value) in members {
            let named = |error| SettingError::new(format!("{name} {error}"));
            read.set(name, value).map_err(named)?;
        }
        Ok(read)
    }

    fn from_text(_text: &str) -> Result<Self, SettingError> {
        Err(SettingError::new("is a table of settings.toml"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(entries: &[(&str, SettingValue)]) -> SettingValue {
        SettingValue::Table(entries.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
    }

    fn text(text: &str) -> SettingValue {
        SettingValue::Text(text.to_owned())
    }

    #[test]
    fn members() {
        let options =
            table(&[("autoescape", SettingValue::Bool(false)), ("string_if_invalid", text("[%s]"))]);
        let members = table(&[
            ("BACKEND", text("django.template.backends.django.DjangoTemplates")),
            ("DIRS", SettingValue::List(vec![text("a"), text("b")])),
            ("APP_DIRS", SettingValue::Bool(false)),
            ("APPS", text("apps")),
            ("OPTIONS", options),
        ]);
        let read = TemplateSetting::from_value(&members).unwrap();
        assert_eq!(read, TemplateSetting::from_value(&SettingValue::List(vec![members])).unwrap());
        assert_eq!((read.DIRS, read.APP_DIRS), (vec!["a".to_owned(), "b".to_owned()], false));
        assert_eq!(read.APPS, "apps");
        assert_eq!((read.autoescape, read.string_if_invalid.as_str()), (false, "[%s]"));
        assert_eq!(TemplateSetting::from_value(&table(&[])).unwrap(), TemplateSetting::default());
    }

    #[test]
    fn mistakes_say_what_to_write() {
        let cases = [
            (text("x"), "takes a table"),
            (SettingValue::List(vec![]), "takes one engine"),
            (table(&[("DIR", text("x"))]), "DIR is not known; TEMPLATES has DIRS"),
            (table(&[("BACKEND", text("jinja2"))]), "BACKEND takes only"),
            (table(&[("OPTIONS", table(&[("context_processors", text("x"))]))]), "App::context_processor"),
            (table(&[("OPTIONS", table(&[("debug", text("x"))]))]), "OPTIONS debug is not known"),
        ];
        for (value, expected) in cases {
            let message = TemplateSetting::from_value(&value).unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
        }
    }
}
