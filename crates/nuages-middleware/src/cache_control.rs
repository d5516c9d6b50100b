//! The header Cache-Control: `django.utils.cache`.

use std::time::{SystemTime, UNIX_EPOCH};

use http::header::{CACHE_CONTROL, EXPIRES};
use nuages_http::HttpResponse;
use nuages_http::cache_headers::split_delimited;
use nuages_http::http_date::http_date;

/// Directives for caches on the way to the client, to be added to a response.
///
/// ```
/// use nuages_http::HttpResponse;
/// use nuages_middleware::{CacheControl, patch_cache_control};
/// let mut response = HttpResponse::new("news");
/// patch_cache_control(&mut response, &CacheControl::new().public().max_age(3600));
/// patch_cache_control(&mut response, &CacheControl::new().private().max_age(7200));
/// // The shorter age counts, and `private` takes the place of `public`.
/// assert_eq!(response.header("Cache-Control").as_deref(), Some("max-age=3600, private"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CacheControl {
    directives: Vec<(String, Option<String>)>,
}

macro_rules! words {
    ($($(#[doc = $doc:literal])+ $method:ident: $word:literal;)+) => {
        impl CacheControl {
            $($(#[doc = $doc])+
            #[must_use]
            pub fn $method(self) -> Self {
                self.with($word, None)
            })+
        }
    };
}
words! {
    /// Any cache may keep it, even of a page behind a login.
    public: "public";
    /// Only the visitor's own browser may keep it.
    private: "private";
    /// It may be kept, but the site is asked each time whether it is still good.
    no_cache: "no-cache";
    /// Nobody may keep it.
    no_store: "no-store";
    /// No proxy may change its form.
    no_transform: "no-transform";
    /// When it is too old the site must be asked.
    must_revalidate: "must-revalidate";
    /// The same, for shared caches only.
    proxy_revalidate: "proxy-revalidate";
    /// It never changes, as long as it may be kept.
    immutable: "immutable";
}

macro_rules! ages {
    ($($(#[doc = $doc:literal])+ $method:ident: $word:literal;)+) => {
        impl CacheControl {
            $($(#[doc = $doc])+
            #[must_use]
            pub fn $method(self, seconds: u64) -> Self {
                self.with($word, Some(seconds.to_string()))
            })+
        }
    };
}
ages! {
    /// For so many seconds it may be used without asking; of two ages the shorter counts.
    max_age: "max-age";
    /// The same for shared caches, in place of `max-age`.
    s_maxage: "s-maxage";
    /// For so many seconds more it may be used while a new one is fetched.
    stale_while_revalidate: "stale-while-revalidate";
    /// For so many seconds more it may be used if the site fails.
    stale_if_error: "stale-if-error";
}

impl CacheControl {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// `no-cache` for one header of the response only.
    #[must_use]
    pub fn no_cache_of(self, header: &str) -> Self {
        self.with("no-cache", Some(header.to_owned()))
    }

    fn with(mut self, name: &str, value: Option<String>) -> Self {
        self.directives.push((name.to_owned(), value));
        self
    }

    fn has(&self, name: &str) -> bool {
        self.directives.iter().any(|(known, _)| known == name)
    }

    fn forget(&mut self, name: &str) {
        self.directives.retain(|(known, _)| known != name);
    }

    fn age(&self) -> Option<u64> {
        let (_, value) = self.directives.iter().find(|(name, _)| name == "max-age")?;
        value.as_deref()?.trim().parse().ok()
    }

    fn parse(header: &str) -> Self {
        let mut parsed = Self::default();
        for field in split_delimited(header) {
            match field.split_once('=') {
                Some((name, value)) => parsed.put(&name.to_lowercase(), Some(value.to_owned())),
                None => parsed.put(&field.to_lowercase(), None),
            }
        }
        parsed
    }

    /// Adds a directive in its place: one of each name, but `no-cache` for each header.
    fn put(&mut self, name: &str, value: Option<String>) {
        if name == "no-cache" {
            let there = self.directives.iter().position(|(known, _)| known == name);
            // Without a header it holds for all, so that no other is needed.
            let for_all = self.directives.iter().any(|(known, value)| known == name && value.is_none());
            match (there, &value) {
                _ if for_all => return,
                (Some(position), None) => {
                    self.forget(name);
                    let position = position.min(self.directives.len());
                    self.directives.insert(position, (name.to_owned(), None));
                }
                _ if self.directives.iter().any(|known| known.0 == name && known.1 == value) => {}
                _ => self.directives.push((name.to_owned(), value)),
            }
            return;
        }
        match self.directives.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = value,
            None => self.directives.push((name.to_owned(), value)),
        }
    }

    fn text(&self) -> String {
        let fields = self.directives.iter().map(|(name, value)| match value {
            Some(value) => format!("{name}={value}"),
            None => name.clone(),
        });
        fields.collect::<Vec<_>>().join(", ")
    }
}

/// Adds directives to the header Cache-Control (`django.utils.cache.patch_cache_control`).
///
/// Of two ages the shorter counts; `private` takes the place of `public`, and the other way round.
///
/// ```
/// use nuages_http::HttpResponse;
/// use nuages_middleware::{CacheControl, patch_cache_control};
///
/// let mut response = HttpResponse::new("hello");
/// patch_cache_control(&mut response, &CacheControl::new().public().max_age(300));
/// patch_cache_control(&mut response, &CacheControl::new().private().max_age(60));
/// assert_eq!(response.header("Cache-Control").as_deref(), Some("max-age=60, private"));
/// ```
pub fn patch_cache_control(response: &mut HttpResponse, added: &CacheControl) {
    let present = response.header(CACHE_CONTROL.as_str()).filter(|text| !text.is_empty());
    let mut control = present.map(|text| CacheControl::parse(&text)).unwrap_or_default();
    let age = match (control.age(), added.age()) {
        (Some(there), Some(asked)) => Some(there.min(asked).to_string()),
        _ => None,
    };
    if control.has("private") && added.has("public") {
        control.forget("private");
    } else if control.has("public") && added.has("private") {
        control.forget("public");
    }
    for (name, value) in &added.directives {
        let value = if name == "max-age" && age.is_some() { age.clone() } else { value.clone() };
        control.put(name, value);
    }
    // What a header cannot hold was in none: the rest is made of words and numbers.
    let _impossible = response.set_header(CACHE_CONTROL.as_str(), &control.text());
}

/// The `max-age` of a response, in seconds (`django.utils.cache.get_max_age`).
///
/// ```
/// use nuages_http::HttpResponse;
/// use nuages_middleware::{CacheControl, get_max_age, patch_cache_control};
///
/// let mut response = HttpResponse::new("hello");
/// assert_eq!(get_max_age(&response), None);
/// patch_cache_control(&mut response, &CacheControl::new().max_age(60));
/// assert_eq!(get_max_age(&response), Some(60));
/// ```
#[must_use]
pub fn get_max_age(response: &HttpResponse) -> Option<u64> {
    CacheControl::parse(&response.header(CACHE_CONTROL.as_str())?).age()
}

/// Says how many seconds a response may be kept: in Cache-Control, and in Expires unless it is set
/// (`django.utils.cache.patch_response_headers`).
///
/// ```
/// use nuages_http::HttpResponse;
/// use nuages_middleware::patch_response_headers;
///
/// let mut response = HttpResponse::new("hello");
/// patch_response_headers(&mut response, 60);
/// assert!(response.has_header("Expires"));
/// assert_eq!(response.header("Cache-Control").as_deref(), Some("max-age=60"));
/// ```
pub fn patch_response_headers(response: &mut HttpResponse, seconds: u64) {
    if !response.headers().contains_key(EXPIRES) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        // Beyond the calendar no date is written, and the age says it.
        if let Ok(date) = http_date(now.saturating_add(seconds) as f64) {
            let _valid = response.set_header(EXPIRES.as_str(), &date);
        }
    }
    patch_cache_control(response, &CacheControl::new().max_age(seconds));
}

/// Says that nobody may keep a response (`django.utils.cache.add_never_cache_headers`).
///
/// ```
/// use nuages_http::HttpResponse;
/// use nuages_middleware::add_never_cache_headers;
///
/// let mut response = HttpResponse::new("hello");
/// add_never_cache_headers(&mut response);
/// assert!(response.header("Cache-Control").is_some_and(|directives| directives.contains("no-store")));
/// ```
pub fn add_never_cache_headers(response: &mut HttpResponse) {
    patch_response_headers(response, 0);
    let never = CacheControl::new().no_cache().no_store().must_revalidate().private();
    patch_cache_control(response, &never);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patched(before: Option<&str>, added: CacheControl) -> String {
        let mut response = HttpResponse::new("");
        if let Some(before) = before {
            response.set_header("cache-control", before).unwrap();
        }
        patch_cache_control(&mut response, &added);
        response.header("cache-control").unwrap().into_owned()
    }

    /// The cases of Django's own tests, and what it answers.
    #[test]
    fn as_django_patches() {
        let new = CacheControl::new;
        for (before, added, expected) in [
            (None, new().private(), "private"),
            (Some(""), new().private(), "private"),
            (None, new().public(), "public"),
            (Some("public"), new().public(), "public"),
            (Some("public"), new().private(), "private"),
            (Some("private"), new().public(), "public"),
            (
                Some("must-revalidate,max-age=60,private"),
                new().public(),
                "must-revalidate, max-age=60, public",
            ),
            (
                Some("must-revalidate,max-age=60,public"),
                new().private(),
                "must-revalidate, max-age=60, private",
            ),
            (Some("MAX-AGE=60"), new().max_age(120), "max-age=60"),
            (Some("max-age=120"), new().max_age(60), "max-age=60"),
            (Some("max-age=soon"), new().max_age(60), "max-age=60"),
            (Some("no-cache=Set-Cookie"), new().no_cache_of("Date"), "no-cache=Set-Cookie, no-cache=Date"),
            (Some("no-cache=Set-Cookie, public"), new().no_cache(), "no-cache, public"),
            (Some("no-cache"), new().no_cache_of("Date"), "no-cache"),
            (None, new().s_maxage(5).immutable(), "s-maxage=5, immutable"),
        ] {
            assert_eq!(patched(before, added), expected, "{before:?}");
        }
    }

    #[test]
    fn never() {
        let mut response = HttpResponse::new("");
        add_never_cache_headers(&mut response);
        let control = response.header("cache-control").unwrap().into_owned();
        assert_eq!(control, "max-age=0, no-cache, no-store, must-revalidate, private");
        assert!(response.has_header("expires"));
        assert_eq!(get_max_age(&response), Some(0));
    }
}
