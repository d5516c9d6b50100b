use super::command::{Item, Key};
use super::failure::Failure;

/// The longest line that is an answer: a key, three numbers, and some words.
pub(super) const MAX_LINE: usize = 512;
/// The largest value that is read: as much as memcached can be made to hold (`-I`).
const MAX_VALUE: usize = 1 << 30;

/// The answer to a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    Stored,
    NotStored,
    Exists,
    NotFound,
    Deleted,
    Touched,
    Ok,
    /// What a counter is now.
    Number(u64),
    /// The values that were found, by their position in the command, with their numbers if they were asked for.
    Values(Vec<(usize, Item, Option<u64>)>),
    Refused(Refusal),
}

/// Why a command was not carried out. The stream stays in step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The value is larger than the server takes.
    TooLarge,
    /// There is no room, and the server may not make some.
    OutOfMemory,
    /// The value is no number to count with.
    NotANumber,
    /// Anything else.
    Other,
}

/// Reads the line that answers any command but a `get`.
pub(super) fn line(line: &[u8]) -> Result<Reply, Failure> {
    Ok(match line {
        b"STORED" => Reply::Stored,
        b"NOT_STORED" => Reply::NotStored,
        b"EXISTS" => Reply::Exists,
        b"NOT_FOUND" => Reply::NotFound,
        b"DELETED" => Reply::Deleted,
        b"TOUCHED" => Reply::Touched,
        b"OK" => Reply::Ok,
        b"CLIENT_ERROR cannot increment or decrement non-numeric value" => {
            Reply::Refused(Refusal::NotANumber)
        }
        _ => match line.strip_prefix(b"SERVER_ERROR ") {
            Some(b"object too large for cache") => Reply::Refused(Refusal::TooLarge),
            Some(message) if message.starts_with(b"out of memory") => Reply::Refused(Refusal::OutOfMemory),
            Some(_) => Reply::Refused(Refusal::Other),
            None => Reply::Number(number(line).ok_or_else(|| refusal(line))?),
        },
    })
}

/// A line in the answer to a `get`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ValueLine {
    /// A value of this many bytes follows. The position is that of its key in the command.
    Value {
        position: usize,
        flags: u32,
        length: usize,
        number: Option<u64>,
    },
    End,
}

/// Reads a line in the answer to a `get` of `keys`. memcached answers in their order, a proxy perhaps in another, and
/// both never twice.
pub(super) fn value_line(line: &[u8], keys: &[Key], answered: &[usize]) -> Result<ValueLine, Failure> {
    if line == b"END" {
        return Ok(ValueLine::End);
    }
    let words: Vec<&[u8]> = line.split(|byte| *byte == b' ').collect();
    let (key, flags, length, number_word) = match words.as_slice() {
        [b"VALUE", key, flags, length] => (key, flags, length, None),
        [b"VALUE", key, flags, length, number] => (key, flags, length, Some(number)),
        _ => return Err(refusal(line)),
    };
    let is_new = |position: &usize| !answered.contains(position);
    let mut same = keys.iter().enumerate().filter(|(_, asked)| asked.as_str().as_bytes() == *key);
    let position = same.find_map(|(position, _)| Some(position).filter(is_new));
    let found = || {
        Some(ValueLine::Value {
            position: position?,
            flags: u32::try_from(number(flags)?).ok()?,
            length: usize::try_from(number(length)?).ok().filter(|length| *length <= MAX_VALUE)?,
            number: match number_word {
                Some(word) => Some(number(word)?),
                None => None,
            },
        })
    };
    found().ok_or_else(Failure::nonsense)
}

/// Decimal digits and nothing else, of 64 bits.
fn number(word: &[u8]) -> Option<u64> {
    if word.is_empty() || !word.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(word).ok()?.parse().ok()
}

/// A line that is the answer to no command of ours.
fn refusal(line: &[u8]) -> Failure {
    use super::failure::Stage::{Lost, Refused};
    if line.starts_with(b"ERROR Too many open connections") {
        return Failure::unavailable(Refused, "memcached has too many clients; raise its -c");
    }
    if line.starts_with(b"SERVER_ERROR ") {
        return Failure::unavailable(Lost, "memcached could not answer; look at its memory");
    }
    Failure::nonsense()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        for (text, reply) in [
            ("STORED", Reply::Stored),
            ("NOT_FOUND", Reply::NotFound),
            ("0", Reply::Number(0)),
            ("18446744073709551615", Reply::Number(u64::MAX)),
            ("SERVER_ERROR object too large for cache", Reply::Refused(Refusal::TooLarge)),
            ("SERVER_ERROR out of memory storing object", Reply::Refused(Refusal::OutOfMemory)),
            ("SERVER_ERROR x", Reply::Refused(Refusal::Other)),
        ] {
            assert_eq!(line(text.as_bytes()).unwrap(), reply, "{text}");
        }
        for text in [
            "",
            "stored",
            "STORED ",
            " STORED",
            "END",
            "ERROR",
            "CLIENT_ERROR bad data chunk",
            "-1",
            "+1",
            "1 ",
            "18446744073709551616",
            "VALUE k 0 1",
            "HTTP/1.1 400 Bad Request",
        ] {
            assert!(line(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn values() {
        let keys: Vec<Key> = ["a", "ü", "c"].iter().map(|key| Key::new(key).unwrap()).collect();
        let read = |text: &str, answered: &[usize]| value_line(text.as_bytes(), &keys, answered);
        assert_eq!(read("END", &[]).unwrap(), ValueLine::End);
        let value = |position, number| ValueLine::Value { position, flags: 2, length: 10, number };
        assert_eq!(read("VALUE a 2 10", &[]).unwrap(), value(0, None));
        assert_eq!(read("VALUE c 2 10 7", &[0]).unwrap(), value(2, Some(7)));
        assert_eq!(read("VALUE ü 2 10", &[2]).unwrap(), value(1, None));
        for text in [
            "",
            "END ",
            "VALUE",
            "VALUE a",
            "VALUE a 2",
            "VALUE a 2 10 7 8",
            "VALUE b 2 10",
            "VALUE a x 10",
            "VALUE a 4294967296 10",
            "VALUE a 2 -1",
            "VALUE a 2 99999999999",
            "VALUE a 2 10 ",
            "VALUE  a 2 10",
            "SERVER_ERROR out of memory",
            "STORED",
        ] {
            assert!(read(text, &[]).is_err(), "{text}");
        }
        assert!(read("VALUE a 2 10", &[0]).is_err(), "an answer to what was answered before");
    }
}
