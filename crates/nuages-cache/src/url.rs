//! `CACHE_URL`: which backend, and its options.

use percent_encoding::percent_decode_str;

use crate::error::{CacheError, CacheErrorKind};
use crate::front::CacheFront;
use crate::locmem::LocmemCache;
use crate::timeout::Timeout;

pub(crate) fn connect(url: &str) -> Result<CacheFront, CacheError> {
    let Some((scheme, rest)) = url.split_once("://") else {
        return Err(invalid("a cache URL starts with its kind, such as locmem://"));
    };
    if !scheme.eq_ignore_ascii_case("locmem") {
        return Err(invalid("the kind of this cache URL is not known; this build has locmem://"));
    }
    let (_, query) = rest.split_once('?').unwrap_or((rest, ""));
    let options = Options::parse(query)?;
    let backend = LocmemCache::new().max_entries(options.max_entries.unwrap_or(300));
    let mut front = CacheFront::new(backend).version(options.version).key_prefix(&options.key_prefix);
    if let Some(timeout) = options.timeout {
        front = front.default_timeout(timeout);
    }
    Ok(front)
}

/// What every cache URL takes after its `?`.
struct Options {
    timeout: Option<Timeout>,
    key_prefix: String,
    version: i64,
    max_entries: Option<u64>,
}

impl Options {
    fn parse(query: &str) -> Result<Options, CacheError> {
        let mut options = Options { timeout: None, key_prefix: String::new(), version: 1, max_entries: None };
        for option in query.split('&').filter(|option| !option.is_empty()) {
            let (name, value) = option.split_once('=').unwrap_or((option, ""));
            let value = percent_decode_str(value)
                .decode_utf8()
                .map_err(|_| invalid("a cache URL has percent escapes that are not UTF-8"))?;
            match name.to_ascii_lowercase().as_str() {
                "timeout" if value.eq_ignore_ascii_case("none") => options.timeout = Some(Timeout::Never),
                "timeout" => options.timeout = Some(Timeout::from(integer::<i64>(&value)?)),
                "key_prefix" => options.key_prefix = value.into_owned(),
                "version" => options.version = integer(&value)?,
                "max_entries" => options.max_entries = Some(integer(&value)?),
                _ => {
                    return Err(invalid(
                        "an option of the cache URL is not known; it takes timeout, key_prefix, version and max_entries",
                    ));
                }
            }
        }
        Ok(options)
    }
}

fn integer<T: std::str::FromStr>(text: &str) -> Result<T, CacheError> {
    text.parse().map_err(|_| invalid("timeout, version and max_entries in a cache URL are integers"))
}

fn invalid(message: &str) -> CacheError {
    CacheError::new(CacheErrorKind::InvalidBackend, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepted() {
        for url in ["locmem://", "LOCMEM://name", "locmem:///?timeout=-1", "locmem://?timeout=none&version=2"]
        {
            assert!(connect(url).is_ok(), "{url}");
        }
        let front = connect("locmem://?key_prefix=a%20b&version=7").unwrap();
        assert_eq!(front.make_key("k"), "a b:7:k");
    }

    #[test]
    fn refused_without_showing_a_password() {
        for url in [
            "",
            "locmem",
            "redis://:hunter2@host",
            "locmem://?hunter2=1",
            "locmem://?timeout=hunter2",
            "locmem://?max_entries=-1",
            "locmem://?key_prefix=%ff",
        ] {
            let error = connect(url).unwrap_err();
            assert_eq!(error.kind(), CacheErrorKind::InvalidBackend, "{url}");
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{url}");
        }
    }
}
