//! The tag of a level of messages.

use super::value::{FromSetting, SettingError, SettingValue};

/// The tag that messages of a level have: one entry of `MESSAGE_TAGS`.
///
/// ```
/// use nuages_http::{MessageTag, Settings};
/// let mut settings = Settings::default();
/// settings.set_text("MESSAGE_TAGS", "50:critical,20:")?;
/// assert_eq!(settings.MESSAGE_TAGS[0], MessageTag { level: 50, tag: "critical".into() });
/// # Ok::<(), nuages_http::SettingError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageTag {
    /// The number of the level.
    pub level: i64,
    /// The tag; empty for none.
    pub tag: String,
}

/// `[50, "critical"]`, or the text `50:critical`.
impl FromSetting for MessageTag {
    const TAKES: &'static str = "a level and its tag, such as [50, \"critical\"]";

    fn from_value(value: &SettingValue) -> Result<Self, SettingError> {
        match value {
            SettingValue::Text(text) => Self::from_text(text),
            SettingValue::List(items) => match items.as_slice() {
                [SettingValue::Integer(level), SettingValue::Text(tag)] => {
                    Ok(Self { level: *level, tag: tag.clone() })
                }
                _ => Err(SettingError::new(format!("takes {}", Self::TAKES))),
            },
            _ => Err(SettingError::new(format!("takes {}", Self::TAKES))),
        }
    }

    fn from_text(text: &str) -> Result<Self, SettingError> {
        let (level, tag) = text.split_once(':').unwrap_or((text, ""));
        match level.trim().parse() {
            Ok(level) => Ok(Self { level, tag: tag.trim().to_owned() }),
            Err(_) => Err(SettingError::new("takes a level and its tag, such as 50:critical")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings() {
        let expected = MessageTag { level: 50, tag: "critical".into() };
        let list = SettingValue::List(vec![SettingValue::Integer(50), SettingValue::Text("critical".into())]);
        assert_eq!(MessageTag::from_value(&list), Ok(expected.clone()));
        assert_eq!(MessageTag::from_text("50: critical"), Ok(expected));
        assert!(MessageTag::from_text("critical").is_err());
        assert!(MessageTag::from_value(&SettingValue::Bool(true)).is_err());
    }
}
