use std::time::Duration;

use bytes::Bytes;
use redis::{Cmd, Value, cmd};

use super::failure::Failure;
use super::route::{Keyed, Repeat};
use super::script::{COMPARE_AND_SET, INCR, PERSIST};
use super::slot::slot;
use super::{RedisCache, reply};
use crate::backend::{Cache, Cas, KeyPolicy, Token};
use crate::error::CacheError;
use crate::integer;
use crate::timeout::Timeout;

/// Redis adds a life to its clock, which must not overflow: a hundred thousand years.
const LONGEST: u64 = 100_000 * 366 * 24 * 3600 * 1000;

impl Cache for RedisCache {
    fn key_policy(&self) -> KeyPolicy {
        KeyPolicy::Warn
    }

    async fn get(&self, key: &str) -> Result<Option<Bytes>, CacheError> {
        self.read(async |route, deadline| {
            reply::bytes(route.run(key, on("GET", key), Repeat::Safe, deadline).await?)
        })
        .await
    }

    async fn get_with_token(&self, key: &str) -> Result<Option<(Bytes, Token)>, CacheError> {
        // From the first server, which is the one that compares.
        let value = self
            .write(async |route, deadline| {
                reply::bytes(route.run(key, on("GET", key), Repeat::Safe, deadline).await?)
            })
            .await?;
        Ok(value.map(|value| (value.clone(), Token::from(value))))
    }

    async fn set(&self, key: &str, value: Bytes, timeout: Timeout) -> Result<(), CacheError> {
        self.write(async |route, deadline| {
            route.run(key, set(key, &value, timeout, None), Repeat::Never, deadline).await.map(drop)
        })
        .await
    }

    async fn add(&self, key: &str, value: Bytes, timeout: Timeout) -> Result<bool, CacheError> {
        self.write(async |route, deadline| {
            if timeout.is_at_once() {
                // What is gone at once need not come: only whether there was room for it is of interest.
                let found = route.run(key, on("EXISTS", key), Repeat::Safe, deadline).await?;
                return Ok(reply::integer(&found)? == 0);
            }
            let command = set(key, &value, timeout, Some("NX"));
            reply::is_done(&route.run(key, command, Repeat::Never, deadline).await?)
        })
        .await
    }

    async fn replace(&self, key: &str, value: Bytes, timeout: Timeout) -> Result<bool, CacheError> {
        if timeout.is_at_once() {
            return self.delete(key).await;
        }
        self.write(async |route, deadline| {
            let command = set(key, &value, timeout, Some("XX"));
            reply::is_done(&route.run(key, command, Repeat::Never, deadline).await?)
        })
        .await
    }

    async fn compare_and_set(
        &self,
        key: &str,
        seen: &Token,
        value: Bytes,
        timeout: Timeout,
    ) -> Result<Cas, CacheError> {
        let life = match timeout {
            Timeout::Never => String::new(),
            Timeout::After(life) => milliseconds(life).to_string(),
        };
        let arguments = [seen.value().as_ref(), value.as_ref(), life.as_bytes()];
        self.write(async |route, deadline| {
            match route.run_script(&COMPARE_AND_SET, key, &arguments, deadline).await? {
                Value::Int(1) => Ok(Cas::Saved),
                Value::Int(0) => Ok(Cas::Gone),
                Value::BulkString(now) => Ok(Cas::Conflict(Bytes::from(now))),
                _ => Err(Failure::unexpected()),
            }
        })
        .await
    }

    async fn touch(&self, key: &str, timeout: Timeout) -> Result<bool, CacheError> {
        self.write(async |route, deadline| {
            let found = match timeout {
                Timeout::Never => route.run_script(&PERSIST, key, &[], deadline).await?,
                Timeout::After(life) => {
                    let mut command = on("PEXPIRE", key);
                    command.arg(milliseconds(life));
                    route.run(key, command, Repeat::Never, deadline).await?
                }
            };
            Ok(reply::integer(&found)? == 1)
        })
        .await
    }

    async fn delete(&self, key: &str) -> Result<bool, CacheError> {
        self.write(async |route, deadline| {
            Ok(reply::integer(&route.run(key, on("DEL", key), Repeat::Never, deadline).await?)? == 1)
        })
        .await
    }

    async fn has_key(&self, key: &str) -> Result<bool, CacheError> {
        self.read(async |route, deadline| {
            Ok(reply::integer(&route.run(key, on("EXISTS", key), Repeat::Safe, deadline).await?)? == 1)
        })
        .await
    }

    async fn incr(&self, key: &str, delta: i64) -> Result<i64, CacheError> {
        let sum = self
            .write(async |route, deadline| {
                match route.run_script(&INCR, key, &[delta.to_string().as_bytes()], deadline).await? {
                    Value::Nil => Ok(None),
                    value => reply::integer(&value).map(Some),
                }
            })
            .await?;
        sum.ok_or_else(integer::missing)
    }

    async fn get_many(&self, keys: &[String]) -> Result<Vec<Option<Bytes>>, CacheError> {
        self.read(async |route, deadline| {
            let groups = route.groups(keys);
            let commands = groups.iter().map(|(slot, group)| (*slot, on_all("MGET", keys, group))).collect();
            let answers = route.run_all(commands, Repeat::Safe, deadline).await?;
            let mut values = vec![None; keys.len()];
            for ((_, positions), answer) in groups.into_iter().zip(answers) {
                let Value::Array(found) = answer else { return Err(Failure::unexpected()) };
                if found.len() != positions.len() {
                    return Err(Failure::unexpected());
                }
                for (position, value) in positions.into_iter().zip(found) {
                    if let Some(slot) = values.get_mut(position) {
                        *slot = reply::bytes(value)?;
                    }
                }
            }
            Ok(values)
        })
        .await
    }

    async fn set_many(
        &self,
        entries: Vec<(String, Bytes)>,
        timeout: Timeout,
    ) -> Result<Vec<String>, CacheError> {
        let commands: Keyed = entries
            .iter()
            .map(|(key, value)| (slot(key.as_bytes()), set(key, value, timeout, None)))
            .collect();
        self.write(|route, deadline| route.run_all(commands, Repeat::Never, deadline)).await?;
        Ok(Vec::new())
    }

    async fn delete_many(&self, keys: &[String]) -> Result<(), CacheError> {
        self.write(async |route, deadline| {
            let groups = route.groups(keys);
            let commands = groups.iter().map(|(slot, group)| (*slot, on_all("DEL", keys, group))).collect();
            route.run_all(commands, Repeat::Never, deadline).await.map(drop)
        })
        .await
    }

    async fn clear(&self) -> Result<Option<bool>, CacheError> {
        self.write(|route, deadline| route.run_on_masters(cmd("FLUSHDB"), deadline)).await?;
        Ok(Some(true))
    }
}

fn on(name: &str, key: &str) -> Cmd {
    let mut command = cmd(name);
    command.arg(key);
    command
}

fn on_all(name: &str, keys: &[String], positions: &[usize]) -> Cmd {
    let mut command = cmd(name);
    for key in positions.iter().filter_map(|position| keys.get(*position)) {
        command.arg(key.as_str());
    }
    command
}

fn set(key: &str, value: &Bytes, timeout: Timeout, condition: Option<&str>) -> Cmd {
    if timeout.is_at_once() {
        return on("DEL", key);
    }
    let mut command = on("SET", key);
    command.arg(value.as_ref());
    if let Timeout::After(life) = timeout {
        command.arg("PX").arg(milliseconds(life));
    }
    if let Some(condition) = condition {
        command.arg(condition);
    }
    command
}

/// In whole milliseconds; what lives at all lives for one.
fn milliseconds(life: Duration) -> u64 {
    let rounded = u64::try_from(life.as_millis()).unwrap_or(LONGEST).min(LONGEST);
    if life.is_zero() { 0 } else { rounded.max(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lives() {
        for (life, expected) in [
            (Duration::ZERO, 0),
            (Duration::from_nanos(1), 1),
            (Duration::from_micros(1_999), 1),
            (Duration::from_secs(300), 300_000),
            (Duration::MAX, LONGEST),
        ] {
            assert_eq!(milliseconds(life), expected);
        }
    }
}
