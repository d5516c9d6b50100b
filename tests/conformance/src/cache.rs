//! The cache: typed values under keys with versions.

use std::collections::BTreeMap;

use nuages::Route;
use nuages::cache::{CacheFront, TimeoutChoice};
use nuages::prelude::*;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::operation::Operation;
use crate::outcome::{Exception, Outcome, Results, answer};

pub(crate) fn routes() -> Vec<Route> {
    vec![path("cache", cache).view_path("views.cache_view")]
}

#[derive(Deserialize)]
struct Operations {
    ops: Vec<Operation>,
}

/// The keyword arguments of an operation.
#[derive(Deserialize)]
struct Keywords {
    #[serde(rename = "options")]
    _marker: bool,
    version: Option<i64>,
}

async fn cache(request: HttpRequest) -> Result {
    let operations: Operations = request.json().await?;
    let mut results = Vec::with_capacity(operations.ops.len());
    for mut operation in operations.ops {
        let keywords: Option<Keywords> = operation.take_keywords();
        let cache = match keywords.and_then(|keywords| keywords.version) {
            Some(version) => request.cache().version(version),
            None => request.cache().clone(),
        };
        results.push(Outcome::from(run(&cache, &operation).await));
    }
    HttpResponse::json(&Results { results })
}

async fn run(cache: &CacheFront, operation: &Operation) -> Result<Box<RawValue>, Exception> {
    match operation.name.as_str() {
        "get_many" => {
            let keys: Vec<String> = operation.argument(0)?;
            let found: BTreeMap<String, Value> = cache.get_many(keys).await?.into_iter().collect();
            return answer(&found);
        }
        "set_many" => {
            let entries: BTreeMap<String, Value> = operation.argument(0)?;
            return answer(&cache.set_many(entries, timeout(operation, 1)?).await?);
        }
        "delete_many" => {
            let keys: Vec<String> = operation.argument(0)?;
            return answer(&cache.delete_many(keys).await?);
        }
        "clear" => return answer(&cache.clear().await?),
        _ => {}
    }
    let key: String = operation.argument(0)?;
    match operation.name.as_str() {
        "get" => {
            let found: Option<Value> = cache.get(&key).await?;
            answer(&match found {
                Some(value) => value,
                None => operation.optional(1)?.unwrap_or(Value::Null),
            })
        }
        "set" => answer(&cache.set(&key, &value(operation)?, timeout(operation, 2)?).await?),
        "add" => answer(&cache.add(&key, &value(operation)?, timeout(operation, 2)?).await?),
        "get_or_set" => {
            let default = value(operation)?;
            answer(&cache.get_or_set(&key, || default, timeout(operation, 2)?).await?)
        }
        "touch" => answer(&cache.touch(&key, timeout(operation, 1)?).await?),
        "delete" => answer(&cache.delete(&key).await?),
        "has_key" | "in" => answer(&cache.has_key(&key).await?),
        "incr" => answer(&cache.incr(&key, delta(operation)?).await?),
        "decr" => answer(&cache.decr(&key, delta(operation)?).await?),
        "incr_version" => answer(&cache.incr_version(&key, delta(operation)?).await?),
        "decr_version" => answer(&cache.decr_version(&key, delta(operation)?).await?),
        "raw_key" => answer(&cache.make_and_validate_key(&key)?),
        _ => Err(Exception("AttributeError")),
    }
}

fn value(operation: &Operation) -> Result<Value, Exception> {
    operation.argument(1)
}

fn delta(operation: &Operation) -> Result<i64, Exception> {
    Ok(operation.optional(1)?.unwrap_or(1))
}

/// A number of seconds; null is for ever, and absent is the cache's own.
fn timeout(operation: &Operation, position: usize) -> Result<TimeoutChoice, Exception> {
    let given: Option<Option<i64>> = operation.optional(position)?;
    Ok(given.map_or_else(|| DEFAULT_TIMEOUT.into(), TimeoutChoice::from))
}
