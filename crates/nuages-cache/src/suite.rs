//! What every backend must do: the conformance suite, for a backend's own tests.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! use nuages_cache::{LocmemCache, suite};
//!
//! suite::check(&LocmemCache::new().into()).await.unwrap();
//! # });
//! ```

use std::future::Future;
use std::time::Duration;

use bytes::Bytes;

use crate::backend::{Cas, KeyPolicy, Token};
use crate::dyn_cache::DynCache;
use crate::error::{CacheError, CacheErrorKind};
use crate::timeout::Timeout;

const LONG: Timeout = Timeout::After(Duration::from_secs(600));
const AT_ONCE: Timeout = Timeout::After(Duration::ZERO);

/// Puts a cache through the suite, within a tokio runtime with a timer; it is empty afterwards. Takes four seconds, in
/// which values end.
///
/// # Errors
/// The first promise that was not kept, in words, or the backend's own error.
pub async fn check(cache: &DynCache) -> Result<(), String> {
    check_with(cache, Ended::Unseen).await
}

/// As [`check`], for a cache whose store a Django shares: what has ended and still lies there may be counted by `delete`
/// and given another life by `touch`, as Django does.
///
/// ```
/// use nuages_cache::{DynCache, suite};
///
/// /// In the tests of a cache whose store a Django shares: everything the trait promises, in a few seconds.
/// async fn it_keeps_its_promises(cache: DynCache) {
///     suite::check_shared(&cache).await.unwrap();
/// }
/// ```
///
/// # Errors
/// As [`check`].
pub async fn check_shared(cache: &DynCache) -> Result<(), String> {
    check_with(cache, Ended::AsInDjango).await
}

/// What `delete` and `touch` make of a value that has ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    Unseen,
    AsInDjango,
}

async fn check_with(cache: &DynCache, ended: Ended) -> Result<(), String> {
    cache.clear().await.map_err(plain)?;
    values(cache).await?;
    timeouts(cache).await?;
    conditions(cache).await?;
    comparing(cache).await?;
    integers(cache).await?;
    many(cache).await?;
    together(cache).await?;
    ending(cache, ended).await?;
    // One by one first: memcached counts what it has cleared until somebody asks for it.
    let left = [
        "c:a",
        "i:a",
        "m:a",
        "t:b",
        "w:n",
        "w:a",
        "w:c",
        "e:get",
        "e:add",
        "e:replace",
        "e:compare",
        "e:incr",
        "e:longer",
    ];
    cache.delete_many(&left.map(ToOwned::to_owned)).await.map_err(plain)?;
    cache.clear().await.map_err(plain)?;
    Ok(())
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
    cache.set("s:k", Bytes::from_static(b"1"), LONG).await.map_err(plain)?;
    for other in ["s:K", "s:kk", "s:k/", "s:ķ"] {
        holds("keys are compared to the letter", value(cache, other).await?.is_none())?;
    }
    holds(
        "a key in capitals is another",
        cache.add("s:K", Bytes::from_static(b"2"), LONG).await.map_err(plain)?,
    )?;
    holds("with a value of its own", value(cache, "s:K").await? == Some(Bytes::from_static(b"2")))?;
    // Django's table in MySQL has room for one of the two.
    let first = value(cache, "s:k").await?;
    holds("the first has its own or none", first.is_none_or(|value| value == Bytes::from_static(b"1")))?;
    cache.delete("s:k").await.map_err(plain)?;
    holds("and goes alone", cache.has_key("s:K").await.map_err(plain)?)?;
    cache.delete("s:K").await.map_err(plain)?;
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
    holds("touch finds no missing key", !cache.touch("t:a", LONG).await.map_err(plain)?)?;
    // More than memcached takes for a number of seconds, and more than a date can say. The clocks of many memcacheds end
    // in 2038, and what is to live longer is gone at once, for Django too.
    let ends_in_2038 = cache.key_policy() == KeyPolicy::Refuse;
    for days in [60, 40_000, u64::MAX / 86_400].into_iter().filter(|days| *days == 60 || !ends_in_2038) {
        let timeout = Timeout::After(Duration::from_secs(days.saturating_mul(86_400)));
        cache.set("t:b", one(), timeout).await.map_err(plain)?;
        holds("a long timeout does not end at once", value(cache, "t:b").await? == Some(one()))?;
        holds(
            "nor by touch",
            cache.touch("t:b", timeout).await.map_err(plain)? && cache.has_key("t:b").await.map_err(plain)?,
        )?;
    }
    Ok(())
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
    holds("set_many knows timeouts", cache.get_many(&keys).await.map_err(plain)? == vec![None; 3])?;
    holds("get_many of nothing is nothing", cache.get_many(&[]).await.map_err(plain)?.is_empty())?;
    holds(
        "set_many of nothing stores nothing",
        cache.set_many(Vec::new(), LONG).await.map_err(plain)?.is_empty(),
    )?;
    cache.delete_many(&[]).await.map_err(plain)?;
    cache.set("m:a", Bytes::from_static(b"1"), LONG).await.map_err(plain)?;
    let twice = ["m:a".to_owned(), "m:a".to_owned()];
    let found = cache.get_many(&twice).await.map_err(plain)?;
    holds("get_many gives one key twice", found == vec![Some(Bytes::from_static(b"1")); 2])?;
    // More than one statement or packet holds.
    let many: Vec<_> = (0..1500).map(|n| (format!("m:{n}"), Bytes::from(n.to_string()))).collect();
    let keys: Vec<_> = many.iter().map(|(key, _)| key.clone()).collect();
    let kept = cache.set_many(many.clone(), LONG).await.map_err(plain)?;
    holds("set_many stores many", kept.is_empty())?;
    let found = cache.get_many(&keys).await.map_err(plain)?;
    // A small cache may have dropped some, and gives no other's.
    let right =
        found.iter().zip(&many).all(|(found, (_, value))| found.as_ref().is_none_or(|found| found == value));
    holds("get_many gives each key its own value", found.len() == many.len() && right)?;
    cache.delete_many(&keys).await.map_err(plain)?;
    let left = cache.get_many(&keys).await.map_err(plain)?;
    holds("delete_many deletes many", left.iter().all(Option::is_none))
}

/// What several tasks do at a time: each decision falls in one step.
async fn together(cache: &DynCache) -> Result<(), String> {
    let one = || Bytes::from_static(b"1");
    cache.set("w:n", Bytes::from_static(b"0"), LONG).await.map_err(plain)?;
    let outcomes = each(cache, |cache, _| async move {
        for _ in 0..25 {
            cache.incr("w:n", 1).await?;
        }
        Ok(())
    });
    outcomes.await?;
    holds("incr loses none", value(cache, "w:n").await? == Some(Bytes::from_static(b"200")))?;

    let outcomes =
        each(cache, |cache, n| async move { cache.add("w:a", Bytes::from(n.to_string()), LONG).await });
    let added = outcomes.await?.into_iter().filter(|added| *added).count();
    holds("of those who add one does", added == 1)?;

    for _ in 0..5 {
        cache.set("w:c", one(), LONG).await.map_err(plain)?;
        let Some((_, seen)) = cache.get_with_token("w:c").await.map_err(plain)? else {
            return Err("get_with_token finds the value".to_owned());
        };
        let outcomes = each(cache, move |cache, n| {
            let seen = seen.clone();
            async move { cache.compare_and_set("w:c", &seen, Bytes::from(format!("new {n}")), LONG).await }
        });
        let saved = outcomes.await?.into_iter().filter(|outcome| *outcome == Cas::Saved).count();
        holds("of those who saw the same one saves", saved == 1)?;
    }

    for _ in 0..5 {
        cache.set("w:d", one(), LONG).await.map_err(plain)?;
        let outcomes = each(cache, |cache, n| async move {
            if n == 3 {
                return cache.delete("w:d").await;
            }
            if let Some((_, seen)) = cache.get_with_token("w:d").await? {
                cache.compare_and_set("w:d", &seen, Bytes::from(format!("new {n}")), LONG).await?;
            }
            cache.replace("w:d", Bytes::from_static(b"2"), LONG).await?;
            cache.touch("w:d", LONG).await
        });
        outcomes.await?;
        holds("what was deleted does not come back", value(cache, "w:d").await?.is_none())?;
    }
    Ok(())
}

/// Runs eight tasks of the same work, and gives what came of each.
async fn each<T: Send + 'static, F: Future<Output = Result<T, CacheError>> + Send + 'static>(
    cache: &DynCache,
    work: impl Fn(DynCache, usize) -> F,
) -> Result<Vec<T>, String> {
    let tasks: Vec<_> = (0..8).map(|n| tokio::spawn(work(cache.clone(), n))).collect();
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.map_err(|error| error.to_string())?.map_err(plain)?);
    }
    Ok(outcomes)
}

/// Values end by themselves, for every method.
async fn ending(cache: &DynCache, ended: Ended) -> Result<(), String> {
    let (one, two) = (Bytes::from_static(b"1"), Bytes::from_static(b"2"));
    let (soon, seen) = (Timeout::from(2), Token::from(one.clone()));
    for key in ["e:get", "e:add", "e:replace", "e:compare", "e:touch", "e:delete", "e:incr", "e:longer"] {
        cache.set(key, one.clone(), soon).await.map_err(plain)?;
    }
    holds("incr keeps the timeout", cache.incr("e:get", 1).await.map_err(plain)? == 2)?;
    holds("touch finds the key in time", cache.touch("e:longer", LONG).await.map_err(plain)?)?;
    tokio::time::sleep(Duration::from_millis(3200)).await;
    holds("a value past its time is not there", value(cache, "e:get").await?.is_none())?;
    holds("has_key does not see it", !cache.has_key("e:get").await.map_err(plain)?)?;
    holds("replace does not see it", !cache.replace("e:replace", two.clone(), LONG).await.map_err(plain)?)?;
    let outcome = cache.compare_and_set("e:compare", &seen, two.clone(), LONG).await.map_err(plain)?;
    holds("compare_and_set does not see it", outcome == Cas::Gone)?;
    if ended == Ended::Unseen {
        holds("touch does not see it", !cache.touch("e:touch", LONG).await.map_err(plain)?)?;
        holds("nor bring it back", value(cache, "e:touch").await?.is_none())?;
        holds("delete does not see it", !cache.delete("e:delete").await.map_err(plain)?)?;
    }
    let kind = cache.incr("e:incr", 1).await.map_err(|error| error.kind());
    holds("incr does not see it", kind == Err(CacheErrorKind::MissingKey))?;
    holds("add does not see it", cache.add("e:add", two.clone(), LONG).await.map_err(plain)?)?;
    holds("add stored", value(cache, "e:add").await? == Some(two))?;
    holds("touch gave more time", value(cache, "e:longer").await? == Some(one))
}
