//! Times and durations, as the protocol writes them.

use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeDelta, Utc};
use nuages::prelude::*;
use nuages::signing::MaxAge;
use nuages::{CookieAge, Expires, json_text};
use serde::Deserialize;
use serde_json::Number;

use crate::outcome::Exception;

/// What may stand where a time or a duration is asked for.
#[derive(Clone, Deserialize)]
#[serde(from = "Spelling")]
pub(crate) enum Time {
    Null,
    Number(Number),
    Text(String),
    At(DateTime<FixedOffset>),
    Naive(NaiveDateTime),
    Duration(TimeDelta),
}

#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Spelling {
    Null(()),
    Number(Number),
    Text(String),
    At { datetime: DateTime<FixedOffset> },
    Naive { datetime: NaiveDateTime },
    FromNow { datetime_in: f64 },
    Duration { timedelta: f64 },
}

impl From<Spelling> for Time {
    fn from(spelling: Spelling) -> Self {
        match spelling {
            Spelling::Null(()) => Self::Null,
            Spelling::Number(number) => Self::Number(number),
            Spelling::Text(text) => Self::Text(text),
            Spelling::At { datetime } => Self::At(datetime),
            Spelling::Naive { datetime } => Self::Naive(datetime),
            Spelling::FromNow { datetime_in } => {
                let now = Utc::now();
                Self::At(now.checked_add_signed(seconds(datetime_in)).unwrap_or(now).fixed_offset())
            }
            Spelling::Duration { timedelta } => Self::Duration(seconds(timedelta)),
        }
    }
}

fn seconds(seconds: f64) -> TimeDelta {
    TimeDelta::microseconds((seconds * 1e6).round_ties_even() as i64)
}

impl Time {
    /// The argument `max_age` of a cookie.
    pub(crate) fn cookie_age(self) -> Result<CookieAge, Exception> {
        match self {
            Self::Null => Ok(CookieAge::default()),
            Self::Duration(duration) => Ok(duration.into()),
            Self::Number(number) => Ok(match (number.as_i64(), number.as_u64(), number.as_f64()) {
                (Some(number), _, _) => number.into(),
                (_, Some(number), _) => number.into(),
                (_, _, number) => number.unwrap_or(f64::NAN).into(),
            }),
            Self::Text(_) | Self::At(_) | Self::Naive(_) => Err(Exception("TypeError")),
        }
    }

    /// The argument `expires` of a cookie.
    pub(crate) fn cookie_expires(self) -> Result<Expires, Exception> {
        match self {
            Self::Null => Ok(Expires::default()),
            Self::Text(text) => Ok(text.into()),
            Self::At(time) => Ok(time.into()),
            Self::Naive(time) => Ok(time.into()),
            Self::Number(_) | Self::Duration(_) => Err(Exception("TypeError")),
        }
    }

    /// The argument `max_age` of a signature.
    pub(crate) fn max_age(self) -> Result<Option<MaxAge>, Exception> {
        match self {
            Self::Null => Ok(None),
            Self::Duration(duration) => Ok(Some(duration.into())),
            Self::Number(number) => Ok(number.as_f64().map(Into::into)),
            Self::Text(_) | Self::At(_) | Self::Naive(_) => Err(Exception("TypeError")),
        }
    }

    /// What `set_expiry` takes.
    pub(crate) fn expiry(self) -> Result<Expiry, Exception> {
        match self {
            Self::Null => Ok(Expiry::Default),
            Self::Number(number) => number.as_i64().map(Into::into).ok_or(Exception("TypeError")),
            Self::At(time) => Ok(time.into()),
            Self::Duration(duration) => Ok(duration.into()),
            Self::Naive(_) | Self::Text(_) => Err(Exception("TypeError")),
        }
    }

    /// What JSON has for it, if it is a time or a duration.
    pub(crate) fn json_text(&self) -> Option<String> {
        match self {
            Self::At(time) => Some(json_text::datetime(time)),
            Self::Naive(time) => Some(json_text::naive_datetime(time)),
            Self::Duration(duration) => Some(json_text::duration(*duration)),
            Self::Null | Self::Number(_) | Self::Text(_) => None,
        }
    }

    /// A point in time.
    pub(crate) fn moment(self) -> Result<DateTime<FixedOffset>, Exception> {
        match self {
            Self::At(time) => Ok(time),
            _ => Err(Exception("TypeError")),
        }
    }
}
