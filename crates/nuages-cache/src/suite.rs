//! What every backend must do: the conformance suite, for a backend's own tests.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! use nuages_cache::{LocmemCache, suite};
//!
//! suite::check(&LocmemCache::new().into()).await.unwrap();
//! # });
//! ```

use std::time::Duration;

use bytes::Bytes;

use crate::backend::{Cas, KeyPolicy, Token};
use crate::dyn_cache::DynCache;
use crate::error::{CacheError, CacheErrorKind};
use crate::timeout::Timeout;

const LONG: Timeout = Timeout::After(Duration::from_secs(600));
const AT_ONCE: Timeout = Timeout::After(Duration::ZERO);

/// Puts a cache through the suite; it is empty afterwards.
///
/// # Errors
/// The first promise that was not kept, in words, or the backend's own error.
pub async fn check(cache: &DynCache) -> Result<(), String> {
    cache.clear().await.map_err(plain)?;
    values(cache).await?;
    timeouts(cache).await?;
    conditions(cache).await?;
    comparing(cache).await?;
    integers(cache).await?;
    many(cache).await?;
    cache.clear().await.map_err(plain)
}

fn plain(error: CacheError) -> String {
    format!("{error:?}")
}

fn holds(promise: &str, kept: bool) -> Result<(), String> {
    if kept { Ok(()) } else { Err(promise.to_owned()) }
}

async fn value(cache: &DynCache, key: &str) -> Result<Option<Bytes>, String> {
    cache.get(key).await.map_err(plain)
}

async fn values(cache: &DynCache) -> Result<(), String> {
    holds("a missing key has no value", value(cache, "s:a").await?.is_none())?;
    let bytes: Bytes = (0..=255u8).collect();
    for data in [Bytes::new(), Bytes::from_static(b"text"), bytes, Bytes::from(vec![7; 100_000])] {
        cache.set("s:a", data.clone(), LONG).await.map_err(plain)?;
        holds("a value comes back as it was stored", value(cache, "s:a").await? == Some(data))?;
    }
    holds("has_key finds it", cache.has_key("s:a").await.map_err(plain)?)?;
    holds("delete says that it was there", cache.delete("s:a").await.map_err(plain)?)?;
    holds("delete says that it was gone", !cache.delete("s:a").await.map_err(plain)?)?;
    holds("has_key does not find it", !cache.has_key("s:a").await.map_err(plain)?)?;
    cache.set("s:ü", Bytes::from_static(b"1"), Timeout::Never).await.map_err(plain)?;
    cache.clear().await.map_err(plain)?;
    holds("clear leaves nothing", value(cache, "s:ü").await?.is_none())
}

async fn timeouts(cache: &DynCache) -> Result<(), String> {
    let one = || Bytes::from_static(b"1");
    cache.set("t:a", one(), AT_ONCE).await.map_err(plain)?;
    holds("a timeout of zero expires at once", value(cache, "t:a").await?.is_none())?;
    cache.set("t:a", one(), LONG).await.map_err(plain)?;
    cache.set("t:a", one(), AT_ONCE).await.map_err(plain)?;
    holds("a timeout of zero removes what was there", value(cache, "t:a").await?.is_none())?;
    holds("add with a timeout of zero adds", cache.add("t:a", one(), AT_ONCE).await.map_err(plain)?)?;
    holds("and it expires at once", !cache.has_key("t:a").await.map_err(plain)?)?;
    cache.set("t:a", one(), Timeout::Never).await.map_err(plain)?;
    holds("touch finds the key", cache.touch("t:a", LONG).await.map_err(plain)?)?;
    holds("touch keeps the value", value(cache, "t:a").await? == Some(one()))?;
    holds("touch with zero finds the key", cache.touch("t:a", AT_ONCE).await.map_err(plain)?)?;
    holds("and lets it expire", value(cache, "t:a").await?.is_none())?;
    holds("touch finds no missing key", !cache.touch("t:a", LONG).await.map_err(plain)?)
}

async fn conditions(cache: &DynCache) -> Result<(), String> {
    let (one, two) = (Bytes::from_static(b"1"), Bytes::from_static(b"2"));
    holds("replace needs a value", !cache.replace("c:a", one.clone(), LONG).await.map_err(plain)?)?;
    holds("replace did not write", value(cache, "c:a").await?.is_none())?;
    holds("add writes where nothing is", cache.add("c:a", one.clone(), LONG).await.map_err(plain)?)?;
    holds("add refuses a second time", !cache.add("c:a", two.clone(), LONG).await.map_err(plain)?)?;
    holds("add did not write", value(cache, "c:a").await? == Some(one))?;
    holds("replace writes", cache.replace("c:a", two.clone(), LONG).await.map_err(plain)?)?;
    holds("replace wrote", value(cache, "c:a").await? == Some(two))
}

async fn comparing(cache: &DynCache) -> Result<(), String> {
    let (one, two, three) = (Bytes::from_static(b"1"), Bytes::from_static(b"2"), Bytes::from_static(b"3"));
    let by_value = Token::from(one.clone());
    let set = async |seen: &Token, value: &Bytes| {
        cache.compare_and_set("p:a", seen, value.clone(), LONG).await.map_err(plain)
    };
    holds("nothing to compare with is Gone", set(&by_value, &two).await? == Cas::Gone)?;
    holds("Gone wrote nothing", value(cache, "p:a").await?.is_none())?;
    cache.set("p:a", one.clone(), LONG).await.map_err(plain)?;
    let Some((seen, token)) = cache.get_with_token("p:a").await.map_err(plain)? else {
        return Err("get_with_token finds the value".to_owned());
    };
    holds("get_with_token gives the value", seen == one && token.value() == &one)?;
    holds("what was seen is replaced", set(&token, &two).await? == Cas::Saved)?;
    holds("a second time it conflicts", set(&token, &three).await? == Cas::Conflict(two.clone()))?;
    holds("the conflict wrote nothing", value(cache, "p:a").await? == Some(two.clone()))?;
    holds("a token of bytes compares them", set(&Token::from(two), &one).await? == Cas::Saved)?;
    cache.delete("p:a").await.map_err(plain)?;
    holds("after delete it is Gone", set(&Token::from(one), &three).await? == Cas::Gone)?;
    holds("and stays gone", value(cache, "p:a").await?.is_none())
}

async fn integers(cache: &DynCache) -> Result<(), String> {
    let kind = async |delta| cache.incr("i:a", delta).await.map_err(|error| error.kind());
    holds("incr needs a key", kind(1).await == Err(CacheErrorKind::MissingKey))?;
    cache.set("i:a", Bytes::from_static(b"10"), LONG).await.map_err(plain)?;
    holds("incr adds", kind(5).await == Ok(15))?;
    holds("incr subtracts", kind(-5).await == Ok(10))?;
    let low = kind(-15).await;
    // memcached's counters end at zero; who holds its keys only may be memcached.
    let ends_at_zero = cache.key_policy() == KeyPolicy::Refuse && low == Ok(0);
    holds("incr subtracts, below zero too", low == Ok(-5) || ends_at_zero)?;
    let low = Bytes::from_static(if ends_at_zero { b"0" } else { b"-5" });
    holds("incr stores the sum as text", value(cache, "i:a").await? == Some(low))?;
    cache.set("i:a", Bytes::from_static(b"x"), LONG).await.map_err(plain)?;
    holds("incr needs an integer", kind(1).await == Err(CacheErrorKind::NotAnInteger))?;
    cache.set("i:a", Bytes::from(i64::MAX.to_string()), LONG).await.map_err(plain)?;
    holds("incr does not wrap round", kind(1).await == Err(CacheErrorKind::NotAnInteger))
}

async fn many(cache: &DynCache) -> Result<(), String> {
    let entries =
        vec![("m:a".to_owned(), Bytes::from_static(b"1")), ("m:b".to_owned(), Bytes::from_static(b"2"))];
    holds("set_many stores all", cache.set_many(entries.clone(), LONG).await.map_err(plain)?.is_empty())?;
    let keys = ["m:b".to_owned(), "m:c".to_owned(), "m:a".to_owned()];
    let expected = vec![Some(Bytes::from_static(b"2")), None, Some(Bytes::from_static(b"1"))];
    holds("get_many keeps the order", cache.get_many(&keys).await.map_err(plain)? == expected)?;
    cache.delete_many(&keys).await.map_err(plain)?;
    holds("delete_many deletes all", cache.get_many(&keys).await.map_err(plain)? == vec![None; 3])?;
    cache.set_many(entries, AT_ONCE).await.map_err(plain)?;
    holds("set_many knows timeouts", cache.get_many(&keys).await.map_err(plain)? == vec![None; 3])
}
