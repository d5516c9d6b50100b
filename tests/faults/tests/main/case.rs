//! One operation on a session of its own: prepared, done, and looked at afterwards.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use nuages_sessions::{CookieChange, SessionEngine, SessionError, SessionHandle, SessionKey};
use rand::RngExt;

use crate::operation::Operation;
use crate::word::Word;

/// The deadline of each operation of a store.
const DEADLINE: Duration = Duration::from_secs(2);
/// What a busy machine may add.
const BUSY: Duration = Duration::from_millis(800);
/// What it takes to write a large session as text, in a build without optimisation.
const ENCODING: Duration = Duration::from_secs(2);

/// Text that no compression makes smaller.
fn noise(length: usize) -> String {
    let mut random = rand::rng();
    (0..length).map(|_| char::from(random.random_range(b'!'..b'~'))).collect()
}

/// How much is written: so little that it fits anywhere, or more than a full server has room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sizes {
    pub(crate) before: usize,
    pub(crate) written: usize,
}

/// A session whose number was acknowledged as 1, and what an operation has done with it.
pub(crate) struct Case {
    pub(crate) operation: Operation,
    key: String,
    expired: String,
    sizes: Sizes,
    handle: Option<SessionHandle>,
    /// The key that the operation has drawn.
    drawn: Option<String>,
    word: Word,
}

impl Case {
    pub(crate) async fn prepare(operation: Operation, engine: &SessionEngine, sizes: Sizes) -> Case {
        let key = new_session(engine, sizes.before, None).await.unwrap();
        let expired = if operation == Operation::Clear {
            new_session(engine, 0, Some(Utc::now() - TimeDelta::hours(1))).await.unwrap()
        } else {
            String::new()
        };
        Case { operation, key, expired, sizes, handle: None, drawn: None, word: Word::Absent }
    }

    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// The request that reads the session before the fault, if the operation needs it read.
    pub(crate) async fn load(&mut self, engine: &SessionEngine) {
        if matches!(self.operation, Operation::Save | Operation::Cycle) {
            let handle = engine.session(Some(&self.key));
            assert_eq!(handle.session().await.unwrap().get::<u32>("n").unwrap(), Some(1));
            self.handle = Some(handle);
        }
    }

    /// Does it, within its time.
    pub(crate) async fn run(mut self, engine: &SessionEngine) -> Case {
        let started = Instant::now();
        let result = self.operate(engine).await;
        let took = started.elapsed();
        // A cycle is made of two operations: the new record, and the end of the old one. Whoever clears files may wait
        // for a turn, and then for a lock.
        let operations = if matches!(self.operation, Operation::Cycle | Operation::Clear) { 2 } else { 1 };
        let writing = if self.sizes.written > 10_000 { ENCODING } else { Duration::ZERO };
        let limit = DEADLINE * operations + BUSY + writing;
        assert!(took < limit, "{:?} took {took:?}: {result:?}", self.operation);
        self.word = result.unwrap_or_else(|error| Word::of(&error));
        self
    }

    async fn operate(&mut self, engine: &SessionEngine) -> Result<Word, SessionError> {
        let handle = self.handle.take().unwrap_or_else(|| engine.session(Some(&self.key)));
        match self.operation {
            Operation::Load => {
                let found = handle.session().await?.get::<u32>("n")?;
                assert!(matches!(found, Some(1) | None), "{found:?}");
                return Ok(if found.is_some() { Word::Works } else { Word::Forgotten });
            }
            Operation::Save => {
                let session = handle.session().await?;
                session.set("n", 2)?;
                session.set("filler", noise(self.sizes.written))?;
                handle.commit(true, 200).await?;
            }
            Operation::Create => {
                let key = new_session(engine, self.sizes.written, None).await?;
                self.drawn = Some(key);
            }
            Operation::Delete => {
                handle.flush();
                handle.commit(true, 200).await?;
            }
            Operation::Cycle => {
                let session = handle.session().await?;
                session.cycle_key()?;
                self.drawn = session.session_key().map(|key| key.as_str().to_owned());
                handle.commit(true, 200).await?;
            }
            Operation::Clear => {
                engine.clear_expired().await?;
            }
        }
        Ok(Word::Works)
    }

    /// What is there afterwards: nothing that was acknowledged is lost, and nothing is half done.
    pub(crate) async fn check(&self, witness: &SessionEngine, forgets: bool, row: &str) -> Word {
        let what = format!("{row}: {:?} was {:?}", self.operation, self.word);
        let now = number(witness, &self.key).await;
        let acknowledged = self.word == Word::Works;
        match (self.operation, self.word) {
            (_, Word::Forgotten) => assert!(forgets && now.is_none(), "{what}, and there is {now:?}"),
            // It has nothing to do with that session.
            (Operation::Create, _) => {}
            (Operation::Load | Operation::Clear, _) => assert_eq!(now, Some(1), "{what}"),
            (Operation::Save, _) if acknowledged => assert_eq!(now, Some(2), "{what}"),
            (Operation::Save, _) => assert!(matches!(now, Some(1 | 2)), "{what}: {now:?}"),
            (Operation::Delete, _) if acknowledged => assert_eq!(now, None, "{what}"),
            (Operation::Delete, _) => assert!(matches!(now, Some(1) | None), "{what}: {now:?}"),
            (Operation::Cycle, _) => {
                let drawn = number(witness, self.drawn.as_deref().unwrap()).await;
                if acknowledged {
                    assert_eq!((now, drawn), (None, Some(1)), "{what}");
                } else {
                    assert!(now == Some(1) || drawn == Some(1), "{what}: the session is nowhere");
                }
            }
        }
        if let (Operation::Create, Some(drawn)) = (self.operation, &self.drawn) {
            assert_eq!(number(witness, drawn).await, Some(1), "{what}");
        }
        if self.operation == Operation::Clear && acknowledged {
            let exists = witness.session(None).exists(Some(&self.expired)).await.unwrap();
            assert!(!exists, "{what}, and the expired session is there");
        }
        self.word
    }
}

/// The number in a session, if it is there, and then it is whole.
async fn number(engine: &SessionEngine, key: &str) -> Option<u32> {
    let handle = engine.session(Some(key));
    let session = handle.session().await.unwrap();
    let number = session.get::<u32>("n").unwrap()?;
    assert_eq!(session.get::<String>("whole").unwrap().as_deref(), Some("whole"));
    Some(number)
}

/// A saved session with the number 1.
async fn new_session(
    engine: &SessionEngine,
    size: usize,
    expiry: Option<DateTime<Utc>>,
) -> Result<String, SessionError> {
    let handle = engine.session(None);
    let session = handle.session().await?;
    session.set("n", 1)?;
    session.set("filler", noise(size))?;
    session.set("whole", "whole")?;
    if let Some(end) = expiry {
        session.set_expiry(end)?;
    }
    match handle.commit(false, 200).await?.cookie {
        CookieChange::Set { key, .. } => Ok(SessionKey::as_str(&key).to_owned()),
        other => panic!("a new session has a cookie: {other:?}"),
    }
}

/// Tries until the engine reads and writes again; how long that took.
pub(crate) async fn serves_again(engine: &SessionEngine, key: &str) -> Duration {
    let started = Instant::now();
    loop {
        match new_session(engine, 0, None).await {
            Ok(_) => break,
            Err(error) => {
                assert!(started.elapsed() < Duration::from_secs(10), "it does not come back: {error:?}");
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    }
    let handle = engine.session(Some(key));
    handle.session().await.unwrap();
    started.elapsed()
}
