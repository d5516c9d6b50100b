//! Clients that race for one session, each on connections of its own.

use std::time::Duration;

use nuages_sessions::{SessionEngine, SessionErrorKind};
use tokio::task::JoinSet;

use super::place::Place;

/// Engines that play processes.
const ENGINES: usize = 3;
const WRITERS: usize = 5;

fn rounds() -> usize {
    if std::env::var_os("LONG_TESTS").is_some() { 100 } else { 12 }
}

pub(super) async fn begin(engine: &SessionEngine) -> String {
    let handle = engine.session(None);
    let session = handle.session().await.unwrap();
    session.set("n", 0).unwrap();
    session.save().await.unwrap();
    session.session_key().unwrap().as_str().to_owned()
}

/// Five writers against one logout: nothing is alive afterwards, for nobody.
pub(super) async fn writers_and_logout(place: &Place) -> String {
    let engines = place.open_several(ENGINES).await;
    let mut interrupted = 0;
    for round in 0..rounds() {
        let (key, mut tasks) = (begin(&engines[0]).await, JoinSet::new());
        for client in 0..=WRITERS {
            let (engine, key) = (engines[client % ENGINES].clone(), key.clone());
            let logs_out = client == round % (WRITERS + 1);
            tasks.spawn(async move {
                let handle = engine.session(Some(&key));
                let session = handle.session().await.unwrap();
                tokio::task::yield_now().await;
                if logs_out {
                    session.flush();
                    handle.commit(true, 200).await.unwrap();
                    return false;
                }
                session.set(format!("w{client}"), round).unwrap();
                match handle.commit(true, 200).await {
                    Ok(_) => false,
                    Err(error) if error.kind() == SessionErrorKind::UpdateError => true,
                    Err(error) => panic!("{error:?}"),
                }
            });
        }
        while let Some(task) = tasks.join_next().await {
            interrupted += usize::from(task.unwrap());
        }
        for engine in &engines {
            let handle = engine.session(Some(&key));
            assert!(!handle.exists(None).await.unwrap(), "{}: round {round}", place.name);
            assert!(handle.session().await.unwrap().items().is_empty(), "{}: round {round}", place.name);
        }
    }
    format!("{} rounds, 0 alive, {interrupted} writers were told", rounds())
}

/// Eight writers of different keys: all that was acknowledged is kept.
pub(super) async fn different_keys(place: &Place) {
    let engines = place.open_several(ENGINES).await;
    let (key, mut tasks) = (begin(&engines[0]).await, JoinSet::new());
    for writer in 0..8 {
        let (engine, key) = (engines[writer % ENGINES].clone(), key.clone());
        tasks.spawn(async move {
            for write in 0..25 {
                let handle = engine.session(Some(&key));
                handle.session().await.unwrap().set(format!("{writer}-{write}"), write).unwrap();
                handle.commit(true, 200).await.unwrap();
            }
        });
    }
    while let Some(task) = tasks.join_next().await {
        task.unwrap();
    }
    let items = engines[1].session(Some(&key)).session().await.unwrap().items();
    assert_eq!(items.len(), 201, "{}: 200 acknowledged writes, and the first", place.name);
}

/// What is read and written apart under the session's lock is counted rightly.
pub(super) async fn one_at_a_time(place: &Place) {
    let engines = place.open_several(ENGINES).await;
    let (key, mut tasks) = (begin(&engines[0]).await, JoinSet::new());
    for engine in engines.clone() {
        let key = key.clone();
        tasks.spawn(async move {
            for _ in 0..4 {
                let handle = engine.session(Some(&key));
                let lock = handle.lock().wait(Duration::from_secs(20)).await.unwrap();
                let session = handle.session().await.unwrap();
                let n: u32 = session.require("n").unwrap();
                tokio::task::yield_now().await;
                session.set("n", n + 1).unwrap();
                session.save().await.unwrap();
                lock.unlock().await.unwrap();
            }
        });
    }
    while let Some(task) = tasks.join_next().await {
        task.unwrap();
    }
    let n: u32 = engines[1].session(Some(&key)).session().await.unwrap().require("n").unwrap();
    assert_eq!(n, 12, "{}", place.name);
}
