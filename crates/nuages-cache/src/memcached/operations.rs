use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::command::{Command, Key, Store};
use super::expiry::exptime;
use super::failure::{Failure, Stage};
use super::pool::{Pool, Repeat};
use super::reply::{Refusal, Reply};
use super::{MemcachedCache, native};
use crate::backend::{Cache, Cas, KeyPolicy, Token};
use crate::error::{CacheError, CacheErrorKind};
use crate::integer;
use crate::timeout::Timeout;

/// Commands sent in one go, and their bytes: their answers fit into the buffers of a socket, so that neither side
/// waits for the other to read.
const COMMANDS_AT_ONCE: usize = 128;
const BYTES_AT_ONCE: usize = 256 * 1024;

impl Cache for MemcachedCache {
    fn key_policy(&self) -> KeyPolicy {
        KeyPolicy::Refuse
    }

    async fn get(&self, key: &str) -> Result<Option<Bytes>, CacheError> {
        Ok(self.gets(&Key::new(key)?, self.deadline()).await?.map(|(value, _)| value))
    }

    async fn get_with_token(&self, key: &str) -> Result<Option<(Bytes, Token)>, CacheError> {
        let found = self.gets(&Key::new(key)?, self.deadline()).await?;
        Ok(found.map(|(value, number)| (value.clone(), Token::numbered(value, number))))
    }

    async fn set(&self, key: &str, value: Bytes, timeout: Timeout) -> Result<(), CacheError> {
        let key = Key::new(key)?;
        match self.store(Store::Set, &key, value, timeout, self.deadline()).await? {
            Reply::Stored => Ok(()),
            reply => Err(unexpected(&reply)),
        }
    }

    async fn add(&self, key: &str, value: Bytes, timeout: Timeout) -> Result<bool, CacheError> {
        let key = Key::new(key)?;
        is_stored(&self.store(Store::Add, &key, value, timeout, self.deadline()).await?)
    }

    async fn replace(&self, key: &str, value: Bytes, timeout: Timeout) -> Result<bool, CacheError> {
        let key = Key::new(key)?;
        is_stored(&self.store(Store::Replace, &key, value, timeout, self.deadline()).await?)
    }

    async fn compare_and_set(
        &self,
        key: &str,
        seen: &Token,
        value: Bytes,
        timeout: Timeout,
    ) -> Result<Cas, CacheError> {
        let (key, deadline) = (Key::new(key)?, self.deadline());
        let mut known = seen.number();
        loop {
            let number = match known.take() {
                Some(number) => number,
                // What another wrote may still be the same value.
                None => match self.gets(&key, deadline).await? {
                    None => return Ok(Cas::Gone),
                    Some((now, number)) if now == seen.value() => number,
                    Some((now, _)) => return Ok(Cas::Conflict(now)),
                },
            };
            match self.store(Store::Cas(number), &key, value.clone(), timeout, deadline).await? {
                Reply::Stored => return Ok(Cas::Saved),
                Reply::NotFound => return Ok(Cas::Gone),
                Reply::Exists => {}
                reply => return Err(unexpected(&reply)),
            }
        }
    }

    async fn touch(&self, key: &str, timeout: Timeout) -> Result<bool, CacheError> {
        let key = Key::new(key)?;
        match self.run(&key, Command::touch(&key, exptime(timeout, now())), self.deadline()).await? {
            Reply::Touched => Ok(true),
            Reply::NotFound => Ok(false),
            reply => Err(unexpected(&reply)),
        }
    }

    async fn delete(&self, key: &str) -> Result<bool, CacheError> {
        let key = Key::new(key)?;
        is_deleted(&self.run(&key, Command::delete(&key), self.deadline()).await?)
    }

    async fn has_key(&self, key: &str) -> Result<bool, CacheError> {
        Ok(self.get(key).await?.is_some())
    }

    async fn incr(&self, key: &str, delta: i64) -> Result<i64, CacheError> {
        let (key, deadline) = (Key::new(key)?, self.deadline());
        match self.run(&key, Command::count(&key, delta), deadline).await? {
            Reply::Number(sum) => match i64::try_from(sum) {
                Ok(sum) => Ok(sum),
                Err(_) => {
                    // memcached counts on where 64 bits with a sign end: what was added is taken off again.
                    if let Some(back) = delta.checked_neg() {
                        self.run(&key, Command::count(&key, back), deadline).await?;
                    }
                    Err(integer::not_an_integer())
                }
            },
            Reply::NotFound => Err(integer::missing()),
            reply => Err(unexpected(&reply)),
        }
    }

    async fn get_many(&self, keys: &[String]) -> Result<Vec<Option<Bytes>>, CacheError> {
        let deadline = self.deadline();
        let mut servers: BTreeMap<usize, (Vec<usize>, Vec<Key>)> = BTreeMap::new();
        for (position, key) in keys.iter().enumerate() {
            let (positions, asked) = servers.entry(self.ring.node(key)).or_default();
            positions.push(position);
            asked.push(Key::new(key)?);
        }
        let mut positions = Vec::new();
        let mut work = Vec::new();
        for (server, (places, asked)) in servers {
            let commands = Command::get_many(asked);
            positions.extend(places);
            work.push((server, commands));
        }
        let lengths: Vec<usize> = work
            .iter()
            .flat_map(|(_, commands)| commands.iter().map(|command| command.keys().map_or(0, <[Key]>::len)))
            .collect();
        let replies = self.run_on_servers(work, Repeat::Safe, deadline).await?;
        let mut values = vec![None; keys.len()];
        let mut start = 0;
        for (reply, length) in replies.into_iter().zip(lengths) {
            let Reply::Values(found) = reply else { return Err(unexpected(&reply)) };
            for (offset, item, _) in found {
                let place = positions.get(start + offset).and_then(|position| values.get_mut(*position));
                if let Some(place) = place {
                    *place = Some(native::seen(self.serializer, item)?);
                }
            }
            start += length;
        }
        Ok(values)
    }

    async fn set_many(
        &self,
        entries: Vec<(String, Bytes)>,
        timeout: Timeout,
    ) -> Result<Vec<String>, CacheError> {
        let (deadline, exptime) = (self.deadline(), exptime(timeout, now()));
        let mut servers: BTreeMap<usize, (Vec<String>, Vec<Command>)> = BTreeMap::new();
        for (key, value) in entries {
            let item = native::stored(self.serializer, value);
            let command = Command::store(Store::Set, &Key::new(&key)?, &item, exptime);
            let (names, commands) = servers.entry(self.ring.node(&key)).or_default();
            names.push(key);
            commands.push(command);
        }
        let mut names = Vec::new();
        let mut work = Vec::new();
        for (server, (keys, commands)) in servers {
            names.extend(keys);
            work.push((server, commands));
        }
        let replies = self.run_on_servers(work, Repeat::Never, deadline).await?;
        let mut failed = Vec::new();
        for (name, reply) in names.into_iter().zip(replies) {
            match reply {
                Reply::Stored => {}
                Reply::NotStored | Reply::Refused(_) => failed.push(name),
                reply => return Err(unexpected(&reply)),
            }
        }
        Ok(failed)
    }

    async fn delete_many(&self, keys: &[String]) -> Result<(), CacheError> {
        let deadline = self.deadline();
        let mut servers: BTreeMap<usize, Vec<Command>> = BTreeMap::new();
        for key in keys {
            servers.entry(self.ring.node(key)).or_default().push(Command::delete(&Key::new(key)?));
        }
        for reply in self.run_on_servers(servers.into_iter().collect(), Repeat::Never, deadline).await? {
            is_deleted(&reply)?;
        }
        Ok(())
    }

    async fn clear(&self) -> Result<Option<bool>, CacheError> {
        let work = (0..self.pools.len()).map(|server| (server, vec![Command::flush_all()])).collect();
        for reply in self.run_on_servers(work, Repeat::Never, self.deadline()).await? {
            if reply != Reply::Ok {
                return Err(unexpected(&reply));
            }
        }
        Ok(None)
    }
}

impl MemcachedCache {
    fn deadline(&self) -> Instant {
        Instant::now() + self.socket_timeout
    }

    /// The value of a key and its number.
    async fn gets(&self, key: &Key, deadline: Instant) -> Result<Option<(Bytes, u64)>, CacheError> {
        let pool = self.pool(self.ring.node(key.as_str()))?;
        let replies = pool.exchange(&[Command::gets(key.clone())], Repeat::Safe, deadline).await?;
        match replies.into_iter().next() {
            Some(Reply::Values(mut values)) => match values.pop() {
                Some((_, item, Some(number))) => Ok(Some((native::seen(self.serializer, item)?, number))),
                Some((_, _, None)) => Err(Failure::nonsense().into()),
                None => Ok(None),
            },
            Some(reply) => Err(unexpected(&reply)),
            None => Err(Failure::nonsense().into()),
        }
    }

    async fn store(
        &self,
        how: Store,
        key: &Key,
        value: Bytes,
        timeout: Timeout,
        deadline: Instant,
    ) -> Result<Reply, CacheError> {
        let item = native::stored(self.serializer, value);
        self.run(key, Command::store(how, key, &item, exptime(timeout, now())), deadline).await
    }

    /// Runs a command that writes.
    async fn run(&self, key: &Key, command: Command, deadline: Instant) -> Result<Reply, CacheError> {
        let pool = self.pool(self.ring.node(key.as_str()))?;
        let replies = pool.exchange(&[command], Repeat::Never, deadline).await?;
        replies.into_iter().next().ok_or_else(|| Failure::nonsense().into())
    }

    /// Runs the commands of each server, on all servers at once, and returns their answers in order.
    async fn run_on_servers(
        &self,
        work: Vec<(usize, Vec<Command>)>,
        repeat: Repeat,
        deadline: Instant,
    ) -> Result<Vec<Reply>, CacheError> {
        let mut running = JoinSet::new();
        let count = work.len();
        for (order, (server, commands)) in work.into_iter().enumerate() {
            let pool = Arc::clone(self.pool(server)?);
            running.spawn(async move { (order, in_batches(&pool, &commands, repeat, deadline).await) });
        }
        let mut answers: Vec<Vec<Reply>> = vec![Vec::new(); count];
        let mut failure = None;
        // All are waited for: a server that is away does not keep the others from their part.
        while let Some(done) = running.join_next().await {
            match done {
                Ok((order, Ok(replies))) => {
                    if let Some(answer) = answers.get_mut(order) {
                        *answer = replies;
                    }
                }
                Ok((_, Err(reason))) => failure = Some(reason),
                Err(_) => failure = Some(Failure::unavailable(Stage::Lost, "the runtime has ended")),
            }
        }
        match failure {
            Some(failure) => Err(failure.into()),
            None => Ok(answers.into_iter().flatten().collect()),
        }
    }

    fn pool(&self, server: usize) -> Result<&Arc<Pool>, CacheError> {
        self.pools.get(server).ok_or_else(|| super::invalid("the LOCATION of a memcached names no server"))
    }
}

async fn in_batches(
    pool: &Pool,
    commands: &[Command],
    repeat: Repeat,
    deadline: Instant,
) -> Result<Vec<Reply>, Failure> {
    let mut replies = Vec::with_capacity(commands.len());
    let mut rest = commands;
    while !rest.is_empty() {
        let mut bytes = 0;
        let fits = |command: &&Command| {
            bytes += command.bytes().len();
            bytes <= BYTES_AT_ONCE
        };
        let count = rest.iter().take(COMMANDS_AT_ONCE).take_while(fits).count().max(1);
        let (batch, later) = rest.split_at_checked(count).unwrap_or((rest, &[]));
        replies.extend(pool.exchange(batch, repeat, deadline).await?);
        rest = later;
    }
    Ok(replies)
}

fn is_stored(reply: &Reply) -> Result<bool, CacheError> {
    match reply {
        Reply::Stored => Ok(true),
        Reply::NotStored => Ok(false),
        reply => Err(unexpected(reply)),
    }
}

fn is_deleted(reply: &Reply) -> Result<bool, CacheError> {
    match reply {
        Reply::Deleted => Ok(true),
        Reply::NotFound => Ok(false),
        reply => Err(unexpected(reply)),
    }
}

/// Seconds since 1970.
fn now() -> i64 {
    chrono::Utc::now().timestamp()
}

/// An answer that is no success.
fn unexpected(reply: &Reply) -> CacheError {
    match reply {
        Reply::Refused(Refusal::NotANumber) => integer::not_an_integer(),
        Reply::Refused(Refusal::TooLarge) => CacheError::new(
            CacheErrorKind::Encode,
            "the value is larger than memcached takes (1 MiB by default); store less, or raise its -I",
        ),
        Reply::Refused(Refusal::OutOfMemory) => CacheError::new(
            CacheErrorKind::Unavailable,
            "memcached is out of memory; raise its -m, or let it evict (no -M)",
        ),
        Reply::Refused(Refusal::Other) => {
            CacheError::new(CacheErrorKind::Unavailable, "memcached refused a command; look at its log")
        }
        _ => CacheError::from(Failure::nonsense()),
    }
}
