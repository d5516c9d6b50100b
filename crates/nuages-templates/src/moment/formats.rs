//! The formats that have names, with the texts of Django's locale `en`.

/// How a date is printed: `DATE_FORMAT`.
///
/// ```
/// assert_eq!(nuages_templates::moment::DATE_FORMAT, "N j, Y");
/// ```
pub const DATE_FORMAT: &str = "N j, Y";

/// How a date with a time is printed: `DATETIME_FORMAT`.
///
/// ```
/// assert_eq!(nuages_templates::moment::DATETIME_FORMAT, "N j, Y, P");
/// ```
pub const DATETIME_FORMAT: &str = "N j, Y, P";

/// How a time is printed: `TIME_FORMAT`.
///
/// ```
/// assert_eq!(nuages_templates::moment::TIME_FORMAT, "P");
/// ```
pub const TIME_FORMAT: &str = "P";

/// The format of a name; a text that is no name is a format itself.
pub(crate) fn named_format(format: &str) -> &str {
    match format {
        "DATE_FORMAT" => DATE_FORMAT,
        "DATETIME_FORMAT" => DATETIME_FORMAT,
        "TIME_FORMAT" => TIME_FORMAT,
        "YEAR_MONTH_FORMAT" => "F Y",
        "MONTH_DAY_FORMAT" => "F j",
        "SHORT_DATE_FORMAT" => "m/d/Y",
        "SHORT_DATETIME_FORMAT" => "m/d/Y P",
        other => other,
    }
}
