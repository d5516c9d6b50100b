//! What every remote cache owes to who uses it while its server is away.

use std::time::{Duration, Instant};

use bytes::Bytes;
use nuages_cache::{CacheError, DynCache, Timeout, Token};
use test_servers::Proxy;

/// Every operation fails as an outage, in time, and shows nothing.
pub(crate) async fn all_fail(cache: &DynCache, deadline: Duration, fault: &str) {
    let one = || Bytes::from_static(b"1");
    let (never, seen) = (Timeout::Never, Token::from(one()));
    let keys = ["hunter2".to_owned(), "l".to_owned()];
    let entries = vec![("hunter2".to_owned(), one()), ("l".to_owned(), one())];
    let within = Within { limit: deadline + Duration::from_millis(500), fault };
    within.fails("get", cache.get("hunter2")).await;
    within.fails("get_with_token", cache.get_with_token("hunter2")).await;
    within.fails("set", cache.set("hunter2", one(), never)).await;
    within.fails("add", cache.add("new", one(), never)).await;
    within.fails("replace", cache.replace("hunter2", one(), never)).await;
    within.fails("compare_and_set", cache.compare_and_set("hunter2", &seen, one(), never)).await;
    within.fails("touch", cache.touch("hunter2", never)).await;
    within.fails("delete", cache.delete("hunter2")).await;
    within.fails("has_key", cache.has_key("hunter2")).await;
    within.fails("incr", cache.incr("hunter2", 1)).await;
    within.fails("get_many", cache.get_many(&keys)).await;
    within.fails("set_many", cache.set_many(entries, never)).await;
    within.fails("delete_many", cache.delete_many(&keys)).await;
    within.fails("clear", cache.clear()).await;
}

struct Within<'a> {
    limit: Duration,
    fault: &'a str,
}

impl Within<'_> {
    async fn fails<T>(&self, name: &str, operation: impl Future<Output = Result<T, CacheError>>) {
        let (limit, fault) = (self.limit, self.fault);
        let begun = Instant::now();
        let Err(error) = operation.await else { panic!("{name} under {fault} did not fail") };
        assert!(error.is_outage(), "{name} under {fault}: {error:?}");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("127.0.0.1") && !shown.contains("hunter2"), "{shown}");
        assert!(begun.elapsed() < limit, "{name} under {fault} took {:?}", begun.elapsed());
    }
}

/// Service is back within a second.
pub(crate) async fn recovers(cache: &DynCache, fault: &str) {
    let begun = Instant::now();
    while let Err(error) = cache.get("k").await {
        assert!(begun.elapsed() < Duration::from_secs(1), "after {fault}: {error:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// What was on its way when its sender gave up has reached the server, the clearing of everything among it.
pub(crate) async fn late_requests_arrive(proxy: &Proxy) {
    let begun = Instant::now();
    while proxy.open() > 1 {
        assert!(begun.elapsed() < Duration::from_secs(5), "{} connections", proxy.open());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // The proxy has sent it; the server reads it on another thread.
    tokio::time::sleep(Duration::from_millis(200)).await;
}
