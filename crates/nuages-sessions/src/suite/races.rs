//! Promises that many clients must keep together.

use tokio::task::JoinSet;

use super::{Violation, new_session, promise};
use crate::{SessionEngine, SessionError, SessionErrorKind, SessionKey};

/// Waits for all; the first violation counts.
async fn all<T: Send + 'static>(mut tasks: JoinSet<Result<T, Violation>>) -> Result<Vec<T>, Violation> {
    let mut results = Vec::new();
    while let Some(task) = tasks.join_next().await {
        results.push(task.map_err(|_| Violation::of("no task panics"))??);
    }
    Ok(results)
}

/// Was it saved? That the session has ended meanwhile is a proper answer, any other failure is not.
fn saved<T>(outcome: Result<T, SessionError>) -> Result<bool, Violation> {
    match outcome {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == SessionErrorKind::UpdateError => Ok(false),
        Err(error) => Err(error.into()),
    }
}

async fn count(engine: &SessionEngine, key: &SessionKey, name: &str) -> Result<Option<i64>, Violation> {
    Ok(engine.session(Some(key.as_str())).session().await?.get(name)?)
}

/// 1,000 increments by 16 clients are exactly 1,000.
pub(super) async fn check_counting(engine: &SessionEngine) -> Result<(), Violation> {
    let (key, mut tasks) = (new_session(engine).await?, JoinSet::new());
    for task in 0..16_i64 {
        let (engine, key) = (engine.clone(), key.clone());
        tasks.spawn(async move {
            for _ in (task..1000).step_by(16) {
                let handle = engine.session(Some(key.as_str()));
                handle.session().await?.modify("n", |n: i64| n.saturating_add(1))?;
                handle.commit(true, 200).await?;
            }
            Ok(())
        });
    }
    all(tasks).await?;
    promise(count(engine, &key, "n").await? == Some(1000), "a thousand increments are a thousand")
}

/// What eight clients set under different names is all kept.
pub(super) async fn check_different_names(engine: &SessionEngine) -> Result<(), Violation> {
    let (key, mut tasks) = (new_session(engine).await?, JoinSet::new());
    for task in 0..8_i64 {
        let (engine, key) = (engine.clone(), key.clone());
        tasks.spawn(async move {
            for round in 0..25_i64 {
                let handle = engine.session(Some(key.as_str()));
                handle.session().await?.set(format!("{task}-{round}"), round)?;
                handle.commit(true, 200).await?;
            }
            Ok(())
        });
    }
    all(tasks).await?;
    let items = engine.session(Some(key.as_str())).session().await?.items();
    promise(items.len() == 201, "different names are all kept")
}

/// A logout during a slow request ends the session for it too.
pub(super) async fn check_slow_request(engine: &SessionEngine) -> Result<(), Violation> {
    for cycles in [false, true] {
        let key = new_session(engine).await?;
        let (slow, logout) = (engine.session(Some(key.as_str())), engine.session(Some(key.as_str())));
        let session = slow.session().await?;
        session.set("late", 1)?;
        if cycles {
            session.cycle_key()?;
        }
        logout.session().await?.flush();
        logout.commit(true, 200).await?;
        promise(!saved(slow.commit(true, 200).await)?, "a session that was ended is not saved")?;
        promise(!engine.store().exists(&key).await?, "a session that was ended stays ended")?;
        let new = slow.session_key().ok_or(Violation::of("a failed save keeps the key"))?;
        promise(!engine.store().exists(&new).await?, "a session that was ended has no second life")?;
    }
    Ok(())
}

/// Writers cannot bring back what a logout has ended.
pub(super) async fn check_writers_and_flush(engine: &SessionEngine) -> Result<(), Violation> {
    for _ in 0..12 {
        let (key, mut tasks) = (new_session(engine).await?, JoinSet::new());
        for writer in 0..6 {
            let (engine, key) = (engine.clone(), key.clone());
            tasks.spawn(async move {
                let handle = engine.session(Some(key.as_str()));
                let session = handle.session().await?;
                tokio::task::yield_now().await;
                if writer == 3 {
                    session.flush();
                } else {
                    session.set("writer", writer)?;
                }
                saved(handle.commit(true, 200).await)
            });
        }
        all(tasks).await?;
        promise(!engine.store().exists(&key).await?, "no writer brings an ended session back")?;
    }
    Ok(())
}

/// A logout ends the session, though it changes its key at that moment.
pub(super) async fn check_cycle_and_flush(engine: &SessionEngine) -> Result<(), Violation> {
    for round in 0..20 {
        let (key, mut tasks) = (new_session(engine).await?, JoinSet::new());
        for cycler in [true, false] {
            let (engine, key) = (engine.clone(), key.clone());
            tasks.spawn(async move {
                let handle = engine.session(Some(key.as_str()));
                let session = handle.session().await?;
                // Both have loaded the session; now one of them is first, in some rounds surely this one, then that one.
                if (round % 2 == 0) == cycler {
                    tokio::task::yield_now().await;
                }
                if cycler {
                    session.cycle_key()?
                } else {
                    session.flush()
                }
                saved(handle.commit(true, 200).await)?;
                Ok(handle.session_key())
            });
        }
        let mut keys: Vec<SessionKey> = all(tasks).await?.into_iter().flatten().collect();
        keys.push(key);
        for key in keys {
            // A cycler that came after the logout has begun an empty session.
            promise(count(engine, &key, "n").await?.is_none(), "a logout ends the whole lineage")?;
        }
    }
    Ok(())
}

/// What was written while the key changed is under the new key.
pub(super) async fn check_cycle_and_writers(engine: &SessionEngine) -> Result<(), Violation> {
    for _ in 0..12 {
        let (key, mut tasks) = (new_session(engine).await?, JoinSet::new());
        for writer in 0..4_i64 {
            let (engine, key) = (engine.clone(), key.clone());
            tasks.spawn(async move {
                let handle = engine.session(Some(key.as_str()));
                let session = handle.session().await?;
                tokio::task::yield_now().await;
                if writer == 2 {
                    session.cycle_key()?;
                } else {
                    session.modify("n", |n: i64| n.saturating_add(1))?;
                }
                let saved = saved(handle.commit(true, 200).await)?;
                // A writer that came after the change of key has begun a session of its own.
                let (now, old) = (handle.session_key(), Some(key));
                Ok((now.clone().filter(|_| writer == 2), i64::from(saved && now == old)))
            });
        }
        let results = all(tasks).await?;
        let written: i64 = results.iter().map(|(_, written)| written).sum();
        let new = results.into_iter().find_map(|(key, _)| key);
        let new = new.ok_or(Violation::of("a cycled session has a key"))?;
        promise(!engine.store().exists(&key).await?, "the old key is dead")?;
        promise(count(engine, &new, "n").await? == Some(written), "what was saved is under the new key")?;
    }
    Ok(())
}

/// Keys are given once.
pub(super) async fn check_creation(engine: &SessionEngine) -> Result<(), Violation> {
    let mut tasks = JoinSet::new();
    for _ in 0..50 {
        let engine = engine.clone();
        tasks.spawn(async move { new_session(&engine).await });
    }
    let keys = all(tasks).await?;
    let distinct: std::collections::HashSet<&SessionKey> = keys.iter().collect();
    promise(distinct.len() == 50, "every session has a key of its own")
}
