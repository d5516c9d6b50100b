//! The public suite on every kind of server.

use nuages_cache::{Cache, CacheErrorKind, CacheFront, RedisCache, Timeout, suite};
use test_servers::{Redis, RedisCluster, Sentinel};

use super::{bytes, cluster_url, connect};

async fn check(cache: RedisCache) {
    suite::check(&cache.into()).await.unwrap();
}

#[tokio::test]
async fn by_address_and_by_socket() {
    let server = Redis::start();
    check(connect(&server.url())).await;
    check(connect(&server.socket_url())).await;
    check(connect(&server.socket_url().replace("unix://", "redis+unix://"))).await;
}

#[tokio::test]
async fn databases_are_apart() {
    let server = Redis::start();
    let url = |number: u8| format!("redis://{}/{number}", server.address());
    let (one, two) = (connect(&url(1)), connect(&url(2)));
    one.set("k", bytes("1"), Timeout::Never).await.unwrap();
    assert_eq!(two.get("k").await.unwrap(), None);
    two.clear().await.unwrap();
    assert_eq!(one.get("k").await.unwrap(), Some(bytes("1")));
    let error = connect(&url(99)).get("k").await.unwrap_err();
    assert_eq!(error.kind(), CacheErrorKind::InvalidBackend, "{error:?}");
}

#[tokio::test]
async fn with_a_password() {
    let server = Redis::with_password("hunter2 @:/");
    let address = server.address();
    check(connect(&format!("redis://:hunter2%20%40%3A%2F@{address}/3"))).await;
    for wrong in [
        format!("redis://:hunter3@{address}"),
        format!("redis://{address}"),
        format!("redis://u:hunter3@{address}"),
    ] {
        let error = connect(&wrong).get("k").await.unwrap_err();
        assert_eq!(error.kind(), CacheErrorKind::Unavailable);
        assert!(!format!("{error} {error:?}").contains("hunter"), "{error:?}");
        assert!(!format!("{:?}", connect(&wrong)).contains("hunter"));
    }
}

#[tokio::test]
async fn encrypted() {
    let server = Redis::with_tls();
    let certificates = server.certificates().unwrap();
    let authority = certificates.authority();
    check(connect(&format!("{}?ssl_ca_certs={}", server.url(), authority.display()))).await;
    let own = format!(
        "&ssl_certfile={}&ssl_keyfile={}",
        certificates.certificate().display(),
        certificates.key().display()
    );
    check(connect(&format!("{}?ssl_ca_certs={}{own}", server.url(), authority.display()))).await;
    // Nobody whom the system trusts has signed it.
    let error = connect(&server.url()).get("k").await.unwrap_err();
    assert_eq!(error.kind(), CacheErrorKind::Unavailable, "{error:?}");
    // And who does not encrypt gets nowhere.
    let error = connect(&server.url().replace("rediss://", "redis://")).get("k").await.unwrap_err();
    assert!(error.is_outage(), "{error:?}");
}

#[tokio::test]
async fn in_a_cluster() {
    let cluster = RedisCluster::start();
    check(connect(&cluster_url(&cluster))).await;
    let front = CacheFront::connect(&format!("{}?timeout=60", cluster_url(&cluster))).unwrap();
    suite::check(front.backend()).await.unwrap();
    // One node is enough to find the others.
    check(connect(&format!("redis+cluster://{}", cluster.nodes()[1].address()))).await;
    let error = connect(&cluster.url()).set("elsewhere", bytes("1"), Timeout::Never).await;
    let kinds = [error.map_or_else(|error| error.kind(), |()| CacheErrorKind::InvalidBackend)];
    assert_eq!(kinds, [CacheErrorKind::InvalidBackend]);
}

#[tokio::test]
async fn by_sentinel() {
    let primary = Redis::start();
    let sentinel = Sentinel::start(&primary);
    let url = format!("redis+sentinel://{}/{}/2", sentinel.address(), sentinel.name());
    check(connect(&url)).await;
    let error =
        connect(&format!("redis+sentinel://{}/unknown", sentinel.address())).get("k").await.unwrap_err();
    assert_eq!(error.kind(), CacheErrorKind::Unavailable);
}

#[tokio::test]
async fn with_a_replica() {
    let primary = Redis::start();
    let cache = RedisCache::with_replicas([primary.url().as_str(), primary.url().as_str()]).unwrap();
    check(cache).await;
}
