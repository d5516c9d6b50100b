//! A cache beside Django's, driven over standard input: `cache-beside URL [DATABASE_URL]`.
//!
//! A line in is `[operation, argument…]`, a line out `{"value": …}` or `{"error": kind}`. Cached values travel as
//! pickles in Base64, so that tuples, sets, bytes and dates arrive as what they are.

use std::io::{self, BufRead, Write};
use std::process::ExitCode;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use nuages_cache::pickle::Value;
use nuages_cache::{CacheBackend, CacheConfig, CacheFront, DEFAULT_TIMEOUT, TimeoutChoice};
use nuages_db::Database;
use serde_json::{Value as Json, json};

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            drop(writeln!(io::stderr(), "{error}"));
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failure> {
    let url = std::env::args().nth(1).ok_or("cache-beside URL [DATABASE_URL]")?;
    let config = CacheConfig::from_url(&url)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let cache = match std::env::args().nth(2) {
        Some(database) if config.backend() == CacheBackend::Db => {
            config.connect_with(&Database::connect(&database)?)?
        }
        _ => config.connect()?,
    };
    for line in io::stdin().lock().lines() {
        let request: Vec<Json> = serde_json::from_str(&line?)?;
        let answer = match runtime.block_on(operation(&cache, &request)) {
            Ok(value) => json!({"value": value}),
            Err(error) => json!({"error": error.to_string()}),
        };
        let mut out = io::stdout().lock();
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

async fn operation(cache: &CacheFront, request: &[Json]) -> Result<Json, Failure> {
    let text = |position: usize| request.get(position).and_then(Json::as_str).ok_or("an argument is missing");
    let timeout = |position: usize| match request.get(position) {
        None => TimeoutChoice::from(DEFAULT_TIMEOUT),
        Some(seconds) => TimeoutChoice::from(seconds.as_i64()),
    };
    let delta = || request.get(2).and_then(Json::as_i64).unwrap_or(1);
    Ok(match text(0)? {
        "get" => match cache.get::<Value>(text(1)?).await? {
            Some(value) => json!(encode(&value)?),
            None => Json::Null,
        },
        "set" => {
            cache.set(text(1)?, &decode(text(2)?)?, timeout(3)).await?;
            Json::Null
        }
        "add" => json!(cache.add(text(1)?, &decode(text(2)?)?, timeout(3)).await?),
        "touch" => json!(cache.touch(text(1)?, timeout(2)).await?),
        "delete" => json!(cache.delete(text(1)?).await?),
        "has_key" => json!(cache.has_key(text(1)?).await?),
        "incr" => json!(cache.incr(text(1)?, delta()).await?),
        "incr_version" => json!(cache.incr_version(text(1)?, delta()).await?),
        "clear" => {
            cache.clear().await?;
            Json::Null
        }
        "get_many" => {
            let keys = strings(request.get(1))?;
            let mut found = serde_json::Map::new();
            for (key, value) in cache.get_many::<Value>(keys).await? {
                found.insert(key, json!(encode(&value)?));
            }
            Json::Object(found)
        }
        "set_many" => {
            let entries = request.get(1).and_then(Json::as_object).ok_or("entries are missing")?;
            let mut values = Vec::new();
            for (key, value) in entries {
                values.push((key.as_str(), decode(value.as_str().ok_or("a pickle is text")?)?));
            }
            json!(cache.set_many(values, timeout(2)).await?)
        }
        "delete_many" => {
            cache.delete_many(strings(request.get(1))?).await?;
            Json::Null
        }
        _ => return Err("no such operation".into()),
    })
}

fn strings(value: Option<&Json>) -> Result<Vec<String>, Failure> {
    Ok(serde_json::from_value(value.cloned().ok_or("keys are missing")?)?)
}

fn encode(value: &Value) -> Result<String, Failure> {
    Ok(STANDARD.encode(value.to_bytes()?))
}

fn decode(pickle: &str) -> Result<Value, Failure> {
    Ok(Value::from_bytes(&STANDARD.decode(pickle)?)?)
}
