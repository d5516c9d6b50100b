//! Every engine passes the public suite.

use crate::bench::{Bench, ENGINES};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_engine_passes_the_suite() {
    for name in ENGINES {
        let bench = Bench::new(name).await;
        let start = std::time::Instant::now();
        if let Err(violation) = nuages_sessions::suite::check(&bench.engine).await {
            panic!("{name}: {violation:?}");
        }
        println!("{name}: {:?}", start.elapsed());
    }
}
