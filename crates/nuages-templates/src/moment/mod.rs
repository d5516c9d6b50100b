//! Dates and times as template values, and Django's formats for them.
//!
//! A [`Value`] has no dates of its own, and serde writes them as text. [`value`] makes a value of a date from `chrono`; in a struct,
//! [`serialize()`](fn@serialize) does so for a field. Such a value prints as in Django, has Python's attributes (`{{ published.year }}`), and is what the filters
//! `date`, `time`, `timesince` and their kin take.
//!
//! ```
//! use chrono::{DateTime, NaiveDate, Utc};
//! use nuages_templates::{Value, moment, python};
//!
//! #[derive(serde::Serialize)]
//! struct Question {
//!     #[serde(serialize_with = "nuages_templates::moment::serialize")]
//!     published: DateTime<Utc>,
//! }
//!
//! let question = Value::from(nuages_templates::Serde(Question { published: "2026-03-01T15:30:00Z".parse().unwrap() }));
//! let published = question.get_attr("published").unwrap();
//! assert_eq!(python::text(&published), "March 1, 2026, 3:30 p.m.");
//! assert_eq!(published.get_attr("year").unwrap(), Value::from(2026));
//!
//! let birthday = moment::value(&NaiveDate::from_ymd_opt(1990, 12, 24).unwrap());
//! assert_eq!(python::text(&birthday), "Dec. 24, 1990");
//! ```

mod current;
mod date;
mod datetime;
mod duration;
mod format;
mod formats;
mod object;
mod since;
mod source;
mod time;
mod zone;

pub use current::set_time_zone;
pub(crate) use current::{
    KEY as ZONE_KEY, conversion_ends, conversion_starts, current_zone, default_zone, localized, zone_ends,
    zone_starts,
};
pub use date::Date;
pub use datetime::DateTime;
pub use duration::Duration;
pub use format::{FormatError, Subject, date_format, time_format};
pub(crate) use formats::named_format;
pub use formats::{DATE_FORMAT, DATETIME_FORMAT, TIME_FORMAT};
pub(crate) use since::since;
pub use source::{Source, serialize, value};
pub use time::Time;
pub use zone::Zone;

#[cfg(doc)]
use crate::Value;
