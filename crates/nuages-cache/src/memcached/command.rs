use bytes::Bytes;

use crate::error::{CacheError, CacheErrorKind};
use crate::key;

/// Keys of one `get` line: memcached's buffer for a line begins with 2 KiB.
const KEYS_LENGTH: usize = 1800;

/// A request in memcached's text protocol.
#[derive(Clone)]
pub(super) struct Command {
    bytes: Vec<u8>,
    /// What a `get` asks for; the answer has values of these, in this order.
    keys: Option<Vec<Key>>,
}

/// A key that memcached takes: it cannot end a line or a word, and so cannot smuggle in a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key(String);

impl Key {
    pub(super) fn new(key: &str) -> Result<Key, CacheError> {
        key::check(key)?;
        if key.is_empty() {
            return Err(CacheError::new(CacheErrorKind::InvalidKey, "memcached takes no empty key"));
        }
        Ok(Key(key.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// How a value is stored.
#[derive(Clone, Copy)]
pub(super) enum Store {
    Set,
    Add,
    Replace,
    /// If the value still has this number.
    Cas(u64),
}

/// A value with its flags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) flags: u32,
    pub(super) data: Bytes,
}

impl Command {
    /// Asks for values, with their numbers.
    pub(super) fn gets(key: Key) -> Command {
        Command { bytes: ["gets ", key.as_str(), "\r\n"].concat().into_bytes(), keys: Some(vec![key]) }
    }

    /// Asks for values, in as many lines as it takes.
    pub(super) fn get_many(keys: Vec<Key>) -> Vec<Command> {
        let mut commands: Vec<Command> = Vec::new();
        for key in keys {
            match commands.last_mut() {
                Some(Command { bytes, keys: Some(keys) })
                    if bytes.len() + key.as_str().len() < KEYS_LENGTH =>
                {
                    bytes.push(b' ');
                    bytes.extend_from_slice(key.as_str().as_bytes());
                    keys.push(key);
                }
                _ => {
                    let bytes = ["get ", key.as_str()].concat().into_bytes();
                    commands.push(Command { bytes, keys: Some(vec![key]) });
                }
            }
        }
        for command in &mut commands {
            command.bytes.extend_from_slice(b"\r\n");
        }
        commands
    }

    pub(super) fn store(how: Store, key: &Key, item: &Item, exptime: i64) -> Command {
        let (verb, number) = match how {
            Store::Set => ("set", String::new()),
            Store::Add => ("add", String::new()),
            Store::Replace => ("replace", String::new()),
            Store::Cas(number) => ("cas", format!(" {number}")),
        };
        let length = item.data.len();
        let line = format!("{verb} {} {} {exptime} {length}{number}\r\n", key.as_str(), item.flags);
        let mut bytes = Vec::with_capacity(line.len() + length + 2);
        bytes.extend_from_slice(line.as_bytes());
        bytes.extend_from_slice(&item.data);
        bytes.extend_from_slice(b"\r\n");
        Command { bytes, keys: None }
    }

    pub(super) fn delete(key: &Key) -> Command {
        Command::line(&["delete ", key.as_str()])
    }

    pub(super) fn touch(key: &Key, exptime: i64) -> Command {
        Command::line(&["touch ", key.as_str(), " ", &exptime.to_string()])
    }

    /// Adds or subtracts; memcached counts from 0 up.
    pub(super) fn count(key: &Key, delta: i64) -> Command {
        let verb = if delta < 0 { "decr " } else { "incr " };
        Command::line(&[verb, key.as_str(), " ", &delta.unsigned_abs().to_string()])
    }

    pub(super) fn flush_all() -> Command {
        Command::line(&["flush_all"])
    }

    fn line(parts: &[&str]) -> Command {
        Command { bytes: [&parts.concat(), "\r\n"].concat().into_bytes(), keys: None }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn keys(&self) -> Option<&[Key]> {
        self.keys.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(command: &Command) -> &str {
        std::str::from_utf8(command.bytes()).unwrap()
    }

    #[test]
    fn lines() {
        let key = Key::new("k").unwrap();
        let item = Item { flags: 16, data: Bytes::from_static("ü".as_bytes()) };
        for (command, expected) in [
            (Command::gets(key.clone()), "gets k\r\n"),
            (Command::store(Store::Set, &key, &item, 0), "set k 16 0 2\r\nü\r\n"),
            (Command::store(Store::Add, &key, &item, -1), "add k 16 -1 2\r\nü\r\n"),
            (Command::store(Store::Replace, &key, &item, 5), "replace k 16 5 2\r\nü\r\n"),
            (Command::store(Store::Cas(7), &key, &item, 5), "cas k 16 5 2 7\r\nü\r\n"),
            (Command::delete(&key), "delete k\r\n"),
            (Command::touch(&key, 9), "touch k 9\r\n"),
            (Command::count(&key, 5), "incr k 5\r\n"),
            (Command::count(&key, -5), "decr k 5\r\n"),
            (Command::count(&key, i64::MIN), "decr k 9223372036854775808\r\n"),
            (Command::flush_all(), "flush_all\r\n"),
        ] {
            assert_eq!(text(&command), expected);
        }
    }

    #[test]
    fn many_keys_take_several_lines() {
        let keys: Vec<Key> = (0..100).map(|number| Key::new(&format!("{number:0>200}")).unwrap()).collect();
        let commands = Command::get_many(keys.clone());
        assert!(commands.len() > 10);
        assert!(commands.iter().all(|command| command.bytes().len() < 2048));
        let asked: Vec<Key> = commands.iter().flat_map(|command| command.keys().unwrap().to_vec()).collect();
        assert_eq!(asked, keys);
        let two = Command::get_many(vec![Key::new("a").unwrap(), Key::new("b").unwrap()]);
        assert_eq!(text(&two[0]), "get a b\r\n");
    }

    #[test]
    fn keys_that_would_be_commands() {
        let long = "x".repeat(251);
        for key in ["", "a b", "a\r\nflush_all", "a\n", "\0", "a\t", "\x7f", long.as_str()] {
            assert_eq!(Key::new(key).unwrap_err().kind(), CacheErrorKind::InvalidKey, "{key:?}");
        }
        assert!(Key::new("ü:1").is_ok());
    }
}
