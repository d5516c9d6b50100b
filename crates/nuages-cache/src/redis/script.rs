use std::sync::LazyLock;

use redis::{Cmd, cmd};
use sha1::{Digest as _, Sha1};

/// A script that runs on one key, known to the server by its digest once it has seen it.
pub(super) struct KeyScript {
    source: &'static str,
    digest: LazyLock<String>,
}

macro_rules! script {
    ($source:literal) => {
        KeyScript { source: $source, digest: LazyLock::new(|| digest($source)) }
    };
}
/// Replaces a value if it is what was seen: `ARGV` is what was seen, the new value, and its life in milliseconds,
/// where nothing means for ever and 0 that the key goes. Answers 1 if it did, 0 if the key is gone, and otherwise
/// the value that is there.
pub(super) static COMPARE_AND_SET: KeyScript = script!(
    "local now = redis.call('GET', KEYS[1])
if not now then return 0 end
if now ~= ARGV[1] then return now end
if ARGV[3] == '0' then redis.call('DEL', KEYS[1])
elseif ARGV[3] == '' then redis.call('SET', KEYS[1], ARGV[2])
else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
return 1"
);

/// Adds to an integer if it is there, and keeps its timeout; answers nil if it is not.
pub(super) static INCR: KeyScript = script!(
    "if redis.call('EXISTS', KEYS[1]) == 0 then return false end
return redis.call('INCRBY', KEYS[1], ARGV[1])"
);

/// Takes the timeout off a key; answers whether it is there. PERSIST alone says no of a key that had none.
pub(super) static PERSIST: KeyScript = script!(
    "redis.call('PERSIST', KEYS[1])
return redis.call('EXISTS', KEYS[1])"
);

impl KeyScript {
    /// The call of a script that the server has seen already.
    pub(super) fn by_digest(&self, key: &str, arguments: &[&[u8]]) -> Cmd {
        call("EVALSHA", self.digest.as_bytes(), key, arguments)
    }

    /// The call that tells the server the script.
    pub(super) fn by_source(&self, key: &str, arguments: &[&[u8]]) -> Cmd {
        call("EVAL", self.source.as_bytes(), key, arguments)
    }
}

/// What the server calls a script by: its SHA-1 in hexadecimal.
fn digest(source: &str) -> String {
    Sha1::digest(source).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn call(name: &str, script: &[u8], key: &str, arguments: &[&[u8]]) -> Cmd {
    let mut command = cmd(name);
    // Cluster finds the node by the keys, so that they are told apart from the arguments.
    command.arg(script).arg(1).arg(key);
    for argument in arguments {
        command.arg(*argument);
    }
    command
}
