//! Locmem against a model: whatever is done in whatever order, a dictionary with expiry says the same.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use chrono::DateTime;
use nuages_cache::{Cache, CacheErrorKind, Cas, LocmemCache, Timeout, Token};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Operation {
    Get,
    Set(i64, Timeout),
    Add(i64, Timeout),
    Replace(i64, Timeout),
    Compare(i64, i64, Timeout),
    Touch(Timeout),
    Delete,
    Incr(i64),
    Clear,
    Wait(i64),
}

fn timeout() -> impl Strategy<Value = Timeout> {
    prop_oneof![
        Just(Timeout::Never),
        (0u64..4).prop_map(|seconds| Timeout::After(Duration::from_secs(seconds)))
    ]
}

fn operation() -> impl Strategy<Value = Operation> {
    let value = || 0i64..4;
    prop_oneof![
        4 => Just(Operation::Get),
        4 => (value(), timeout()).prop_map(|(value, timeout)| Operation::Set(value, timeout)),
        2 => (value(), timeout()).prop_map(|(value, timeout)| Operation::Add(value, timeout)),
        2 => (value(), timeout()).prop_map(|(value, timeout)| Operation::Replace(value, timeout)),
        4 => (value(), value(), timeout()).prop_map(|(seen, value, timeout)| Operation::Compare(seen, value, timeout)),
        1 => timeout().prop_map(Operation::Touch),
        1 => Just(Operation::Delete),
        1 => (-2i64..3).prop_map(Operation::Incr),
        1 => Just(Operation::Clear),
        2 => (0i64..3).prop_map(Operation::Wait),
    ]
}

#[derive(Default)]
struct Model {
    time: i64,
    values: HashMap<usize, (i64, Option<i64>)>,
}

impl Model {
    fn get(&self, key: usize) -> Option<i64> {
        let (value, expires) = *self.values.get(&key)?;
        expires.is_none_or(|expires| expires > self.time).then_some(value)
    }

    fn put(&mut self, key: usize, value: i64, timeout: Timeout) {
        let expires = match timeout {
            Timeout::Never => None,
            Timeout::After(duration) => Some(self.time + i64::try_from(duration.as_secs()).unwrap()),
        };
        self.values.insert(key, (value, expires));
    }
}

fn bytes(value: i64) -> Bytes {
    Bytes::from(value.to_string())
}

/// Does it to both and compares the answers.
async fn step(cache: &LocmemCache, model: &mut Model, clock: &AtomicI64, key: usize, operation: Operation) {
    let name = key.to_string();
    let there = model.get(key);
    match operation {
        Operation::Get => {
            assert_eq!(cache.get(&name).await.unwrap(), there.map(bytes));
            assert_eq!(cache.has_key(&name).await.unwrap(), there.is_some());
        }
        Operation::Set(value, timeout) => {
            cache.set(&name, bytes(value), timeout).await.unwrap();
            model.put(key, value, timeout);
        }
        Operation::Add(value, timeout) => {
            assert_eq!(cache.add(&name, bytes(value), timeout).await.unwrap(), there.is_none());
            if there.is_none() {
                model.put(key, value, timeout);
            }
        }
        Operation::Replace(value, timeout) => {
            assert_eq!(cache.replace(&name, bytes(value), timeout).await.unwrap(), there.is_some());
            if there.is_some() {
                model.put(key, value, timeout);
            }
        }
        Operation::Compare(seen, value, timeout) => {
            let token = Token::from(bytes(seen));
            let expected = match there {
                None => Cas::Gone,
                Some(there) if there == seen => Cas::Saved,
                Some(there) => Cas::Conflict(bytes(there)),
            };
            if expected == Cas::Saved {
                model.put(key, value, timeout);
            }
            assert_eq!(cache.compare_and_set(&name, &token, bytes(value), timeout).await.unwrap(), expected);
        }
        Operation::Touch(timeout) => {
            assert_eq!(cache.touch(&name, timeout).await.unwrap(), there.is_some());
            if let Some(there) = there {
                model.put(key, there, timeout);
            }
        }
        Operation::Delete => {
            assert_eq!(cache.delete(&name).await.unwrap(), there.is_some());
            model.values.remove(&key);
        }
        Operation::Incr(delta) => match (cache.incr(&name, delta).await, there) {
            (Ok(sum), Some(there)) => {
                assert_eq!(sum, there + delta);
                model.values.entry(key).and_modify(|entry| entry.0 = sum);
            }
            (Err(error), None) => assert_eq!(error.kind(), CacheErrorKind::MissingKey),
            (answer, there) => panic!("{answer:?} where the model has {there:?}"),
        },
        Operation::Clear => {
            cache.clear().await.unwrap();
            model.values.clear();
        }
        Operation::Wait(seconds) => {
            model.time += seconds;
            clock.store(model.time, Ordering::SeqCst);
        }
    }
}

proptest! {
    #[test]
    fn agrees_with_the_model(operations in proptest::collection::vec((0usize..3, operation()), 1..80)) {
        let clock = Arc::new(AtomicI64::new(0));
        let read = Arc::clone(&clock);
        let cache = LocmemCache::new()
            .clock(move || DateTime::from_timestamp(read.load(Ordering::SeqCst), 0).unwrap());
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut model = Model::default();
        runtime.block_on(async {
            for (key, operation) in operations {
                step(&cache, &mut model, &clock, key, operation).await;
            }
        });
    }
}
