//! From the arguments of `set_cookie` to the attributes of `Set-Cookie`.
//!
//! The rules are those of `set_cookie` and `delete_cookie` in `django/http/response.py`. A cookie that is set again in
//! the same response keeps what the earlier call gave it, except where the later call gives something else: `expires`
//! and the path are always given, the rest only if it is neither `None` nor `false`.

use chrono::{DateTime, TimeDelta, Utc};

use crate::age::{Digits, Seconds};
use crate::error::CookieErrorKind;
use crate::expires::Moment;
use crate::http_date::HttpDate;
use crate::name::Prefix;
use crate::{CookieAge, CookieText, Expires, SameSite, SameSiteValue};

/// The text of `expires` in a deletion, as Django writes it.
const EPOCH: &str = "Thu, 01 Jan 1970 00:00:00 GMT";

/// What one call of `set_cookie` was given. The guards write here, in any order.
#[derive(Clone, Debug)]
pub(crate) struct Arguments {
    pub(crate) max_age: CookieAge,
    pub(crate) expires: Expires,
    pub(crate) path: CookieText,
    pub(crate) domain: CookieText,
    pub(crate) same_site: SameSiteValue,
    pub(crate) secure: bool,
    pub(crate) http_only: bool,
    pub(crate) partitioned: bool,
    deletes: bool,
}

impl Arguments {
    /// The defaults of `set_cookie`.
    pub(crate) fn setting() -> Self {
        Self {
            max_age: CookieAge::default(),
            expires: Expires::default(),
            path: CookieText::ROOT,
            domain: CookieText::default(),
            same_site: SameSiteValue::default(),
            secure: false,
            http_only: false,
            partitioned: false,
            deletes: false,
        }
    }

    /// What `delete_cookie` passes to `set_cookie`.
    pub(crate) fn deletion() -> Self {
        Self { max_age: 0.into(), expires: Expires(Moment::Epoch), deletes: true, ..Self::setting() }
    }
}

/// The attributes that an earlier call left behind; a later one starts from them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attributes {
    age: Option<Age>,
    path: CookieText,
    domain: CookieText,
    same_site: SameSiteValue,
    secure: bool,
    http_only: bool,
    partitioned: bool,
}

/// Where `Max-Age` comes from.
#[derive(Clone, Copy, Debug)]
enum Age {
    Given(Seconds),
    Until(DateTime<Utc>),
}

impl Age {
    fn seconds(self, now: f64) -> Seconds {
        match self {
            Self::Given(seconds) => seconds,
            // Django adds a second, so that what the computation takes does not move the date.
            Self::Until(moment) => {
                let now = DateTime::from_timestamp_micros((now * 1e6).round() as i64).unwrap_or_default();
                let left = moment.signed_duration_since(now);
                let left = left.checked_add(&TimeDelta::seconds(1)).unwrap_or(left);
                Seconds::Integer(left.num_seconds().max(0).into())
            }
        }
    }
}

/// Where `expires` comes from.
#[derive(Clone, Copy)]
enum Expiry<'a> {
    None,
    FromAge,
    Text(&'a str),
}

/// The attributes of one `Set-Cookie`, before any clock is read.
pub(crate) struct Resolved<'a> {
    age: Option<Age>,
    expiry: Expiry<'a>,
    age_and_date: bool,
    pub(crate) path: Option<&'a str>,
    pub(crate) domain: Option<&'a str>,
    pub(crate) same_site: Option<&'a str>,
    pub(crate) secure: bool,
    pub(crate) http_only: bool,
    pub(crate) partitioned: bool,
    on_host: bool,
}

impl<'a> Resolved<'a> {
    pub(crate) fn new(name: &str, before: Option<&'a Attributes>, arguments: &'a Arguments) -> Self {
        let given = arguments.max_age.seconds();
        let kept = || before.and_then(|before| before.age);
        let age = match arguments.expires.0 {
            Moment::At(moment) => Some(Age::Until(moment)),
            _ => given.map(Age::Given).or_else(kept),
        };
        let expiry = match &arguments.expires.0 {
            Moment::At(_) => Expiry::FromAge,
            Moment::Epoch => Expiry::Text(EPOCH),
            Moment::Text(text) if !text.is_empty() => Expiry::Text(text),
            Moment::Unset | Moment::Text(_) if given.is_some() => Expiry::FromAge,
            Moment::Unset | Moment::Text(_) => Expiry::None,
        };
        let same_site = arguments.same_site.as_str();
        let prefix = Prefix::of(name);
        let secure = match prefix {
            Prefix::Secure | Prefix::Host => true,
            Prefix::None if arguments.deletes => same_site.is_some_and(is_none),
            // Browsers refuse a partitioned cookie that is not secure.
            Prefix::None => arguments.secure || arguments.partitioned,
        };
        let text = |now: &'a CookieText, kept: fn(&Attributes) -> &CookieText| {
            now.as_str().or_else(|| kept(before?).as_str()).filter(|text| !text.is_empty())
        };
        let flag = |now: bool, kept: fn(&Attributes) -> bool| now || before.is_some_and(kept);
        let on_host = prefix == Prefix::Host && !arguments.deletes;
        Self {
            age,
            expiry,
            age_and_date: given.is_some() && matches!(arguments.expires.0, Moment::At(_)),
            path: text(&arguments.path, |kept| &kept.path).or(if on_host { Some("/") } else { None }),
            domain: text(&arguments.domain, |kept| &kept.domain),
            same_site: same_site.or_else(|| before?.same_site.as_str()),
            secure: flag(secure, |kept| kept.secure),
            http_only: flag(arguments.http_only, |kept| kept.http_only),
            partitioned: flag(arguments.partitioned, |kept| kept.partitioned),
            on_host,
        }
    }

    /// What a later call of `set_cookie` starts from.
    pub(crate) fn kept(&self) -> Attributes {
        Attributes {
            age: self.age,
            path: self.path.into(),
            domain: self.domain.into(),
            same_site: self.same_site.map_or_else(SameSiteValue::default, SameSiteValue::from),
            secure: self.secure,
            http_only: self.http_only,
            partitioned: self.partitioned,
        }
    }

    /// `Max-Age` and `expires` at this Unix time, and that every attribute can be written; errors in Django's order.
    pub(crate) fn dates(&self, now: f64) -> Result<Dates<'a>, CookieErrorKind> {
        if self.age_and_date {
            return Err(CookieErrorKind::AgeAndDate);
        }
        let seconds = self.age.map(|age| age.seconds(now));
        let max_age = match seconds {
            None => None,
            Some(seconds) => Some(seconds.digits().ok_or(if seconds.as_f64().is_nan() {
                CookieErrorKind::AgeNotANumber
            } else {
                CookieErrorKind::AgeInfinite
            })?),
        };
        let expires = match (self.expiry, seconds) {
            (Expiry::Text(text), _) => {
                writable("expires", text)?;
                Expiration::Text(text)
            }
            (Expiry::FromAge, Some(seconds)) => {
                let date = HttpDate::new(now + seconds.as_f64()).map_err(CookieErrorKind::DateOutOfRange)?;
                Expiration::Date(date)
            }
            (Expiry::None | Expiry::FromAge, _) => Expiration::None,
        };
        if let Some(path) = self.path {
            writable("path", path)?;
        }
        if let Some(domain) = self.domain {
            writable("domain", domain)?;
        }
        if self.on_host && self.path != Some("/") {
            return Err(CookieErrorKind::HostPrefix("path"));
        }
        if self.on_host && self.domain.is_some() {
            return Err(CookieErrorKind::HostPrefix("domain"));
        }
        if let Some(text) = self.same_site
            && SameSite::parse(text).is_none()
        {
            return Err(CookieErrorKind::UnknownSameSite(text.into()));
        }
        Ok(Dates { max_age, expires })
    }

    /// The seconds of `Max-Age` at this Unix time.
    pub(crate) fn seconds(&self, now: f64) -> Option<Seconds> {
        self.age.map(|age| age.seconds(now))
    }
}

/// The attributes that depend on the time.
pub(crate) struct Dates<'a> {
    max_age: Option<Digits>,
    expires: Expiration<'a>,
}

enum Expiration<'a> {
    None,
    Text(&'a str),
    Date(HttpDate),
}

impl Dates<'_> {
    pub(crate) fn max_age(&self) -> Option<&str> {
        self.max_age.as_ref().map(Digits::as_str)
    }

    pub(crate) fn expires(&self) -> Option<&str> {
        match &self.expires {
            Expiration::None => None,
            Expiration::Text(text) => Some(text),
            Expiration::Date(date) => Some(date.as_str()),
        }
    }
}

fn is_none(same_site: &str) -> bool {
    SameSite::parse(same_site) == Some(SameSite::None)
}

/// Refuses text that would end its attribute or the header, and text that Latin-1 has no byte for.
fn writable(attribute: &'static str, text: &str) -> Result<(), CookieErrorKind> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b';') {
        return Ok(());
    }
    let is_illegal = |&character: &char| character == ';' || character.is_control() || character > '\u{FF}';
    match text.chars().find(is_illegal) {
        Some(character) => Err(CookieErrorKind::IllegalAttribute(attribute, character)),
        None => Ok(()),
    }
}
