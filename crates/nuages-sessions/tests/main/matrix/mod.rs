//! Every engine on every server that it can stand on: the public suite, races, and processes that count together.
//!
//! The servers are private ones that a test starts and ends.

mod counting;
mod place;
mod races;

use std::time::Instant;

use nuages_sessions::suite;
use test_servers::{MariaDb, Memcached, Postgres, Redis, RedisCluster};

use self::place::Place;

/// One place at a time: these are races, and servers that compete for the machine would only slow each other down.
// Not configuration: a lock.
static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// Puts an engine through everything; `servers` live until the end. What is worth telling.
async fn check<S>(place: Place, servers: S) -> String {
    let start = Instant::now();
    place.prepare().await;
    let engine = place.open().await;
    if let Err(violation) = suite::check(&engine).await {
        panic!("{}: {violation:?}", place.name);
    }
    let after_suite = start.elapsed();
    let logouts = races::writers_and_logout(&place).await;
    races::different_keys(&place).await;
    races::one_at_a_time(&place).await;
    let after_races = start.elapsed();
    counting::three_processes(&place, &engine).await;
    drop(servers);
    let all = start.elapsed();
    format!("{}: {logouts}; suite {after_suite:?}, with races {after_races:?}, all {all:?}", place.name)
}

macro_rules! places {
    ($($name:ident: $engine:literal on { $($server:ident = $make:expr),* } $(, database $database:expr)? $(, cache $cache:expr)?;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
        async fn $name() {
            let _alone = ALONE.lock().await;
            $(let $server = $make;)*
            let place = Place::new(stringify!($name), $engine)$(.database($database))?$(.cache($cache))?;
            println!("{}", check(place, ($($server,)*)).await);
        }
    )*};
}

places! {
    db_on_sqlite: "db" on {}, database "sqlite://";
    db_on_postgres: "db" on { postgres = Postgres::start() }, database &postgres.url();
    db_on_mariadb: "db" on { mariadb = MariaDb::start() }, database &mariadb.url();
    cache_in_the_process: "cache" on {}, cache "locmem://?serializer=pickle";
    cache_in_files: "cache" on {}, cache "file://?serializer=pickle";
    cache_in_a_table_of_sqlite: "cache" on {}, database "sqlite://", cache "db://cache_table?serializer=pickle";
    cache_in_a_table_of_postgres: "cache" on { postgres = Postgres::start() },
        database &postgres.url(), cache "db://cache_table";
    cache_in_a_table_of_mariadb: "cache" on { mariadb = MariaDb::start() },
        database &mariadb.url(), cache "db://cache_table";
    cache_in_redis: "cache" on { redis = Redis::start() }, cache &[redis.url(), "?serializer=pickle".into()].concat();
    cache_in_redis_as_json: "cache" on { redis = Redis::start() }, cache &redis.url();
    cache_in_a_redis_cluster: "cache" on { cluster = RedisCluster::start() },
        cache &[&in_cluster(&cluster), "?serializer=pickle"].concat();
    cache_in_memcached: "cache" on { memcached = Memcached::start() },
        cache &[memcached.url(), "?serializer=pickle".into()].concat();
    cached_db_on_postgres_and_redis: "cached_db" on { postgres = Postgres::start(), redis = Redis::start() },
        database &postgres.url(), cache &[redis.url(), "?serializer=pickle".into()].concat();
    cached_db_on_sqlite_and_memcached: "cached_db" on { memcached = Memcached::start() },
        database "sqlite://", cache &[memcached.url(), "?serializer=pickle".into()].concat();
    cached_db_on_mariadb_and_a_redis_cluster: "cached_db" on { mariadb = MariaDb::start(), cluster = RedisCluster::start() },
        database &mariadb.url(), cache &in_cluster(&cluster);
    file: "file" on {};
}

/// The Cluster as LOCATION names it.
fn in_cluster(cluster: &RedisCluster) -> String {
    cluster.url().replacen("redis://", "redis+cluster://", 1)
}

/// The client keeps these, so there is nothing to race for.
#[tokio::test(flavor = "multi_thread")]
async fn signed_cookies() {
    let place = Place::new("signed_cookies", "signed_cookies");
    if let Err(violation) = suite::check(&place.open().await).await {
        panic!("{violation:?}");
    }
}
