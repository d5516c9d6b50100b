use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rand::seq::IteratorRandom as _;
use tokio::time::Instant;

use super::route::Route;
use crate::error::CacheError;

/// How long a replica that failed is left alone: not every read shall wait for it.
const REST: Duration = Duration::from_secs(1);

/// A server that is read from, if it is in order.
pub(super) struct Replica {
    route: Route,
    resting: Mutex<Option<Instant>>,
}

/// One of those in order, at random.
pub(super) fn choose(replicas: &[Replica]) -> Option<&Replica> {
    if replicas.is_empty() {
        return None;
    }
    let now = Instant::now();
    replicas.iter().filter(|replica| replica.is_in_order(now)).choose(&mut rand::rng())
}

impl Replica {
    pub(super) fn new(route: Route) -> Replica {
        Replica { route, resting: Mutex::new(None) }
    }

    pub(super) fn route(&self) -> &Route {
        &self.route
    }

    /// Leaves it alone for a while.
    pub(super) fn rest(&self, error: &CacheError) {
        let until = Instant::now() + REST;
        let before = self.resting.lock().unwrap_or_else(PoisonError::into_inner).replace(until);
        // Those who were waiting for it when it failed have nothing to add.
        if before.is_none_or(|before| before + REST < until) {
            tracing::warn!(target: "nuages.cache", "a replica is left alone for a second: {error}");
        }
    }

    fn is_in_order(&self, now: Instant) -> bool {
        self.resting.lock().unwrap_or_else(PoisonError::into_inner).is_none_or(|until| until <= now)
    }
}
