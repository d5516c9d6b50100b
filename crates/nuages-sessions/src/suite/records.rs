//! Promises that one client can check.

use chrono::{TimeDelta, Utc};

use super::{Violation, new_session, promise};
use crate::store::{Listing, Loaded, Merged, Retired, Saved, Seen, Stored};
use crate::{SessionData, SessionEngine, SessionKey, StoreErrorKind};

const RICH: &str = concat!(
    r#"{"z":1,"a":{"list":[1,2.5,null,true,{}]},"big":123456789012345678901234567890,"one":1.0,"#,
    r#""text":"\u00fcn\u00ef \u2603 \ud83e\udd80","quote":"\"\\","":"no name"}"#
);

async fn load(engine: &SessionEngine, key: &SessionKey) -> Result<Option<Stored>, Violation> {
    Ok(match engine.store().load(key).await? {
        Loaded::Found(stored) => Some(stored),
        _ => None,
    })
}

fn number(n: i64) -> Result<SessionData, Violation> {
    Ok(SessionData::from_json(&format!("{{\"n\":{n}}}"))?)
}

fn reads(stored: Option<&Stored>, n: i64) -> bool {
    stored.is_some_and(|stored| stored.data.get_raw("n").is_some_and(|raw| raw.get() == n.to_string()))
}

pub(super) async fn check_data(engine: &SessionEngine) -> Result<(), Violation> {
    let long = format!("{{\"long\":\"{}\"}}", "x".repeat(20_000));
    for text in ["{}", RICH, &long] {
        let record = engine.record(SessionData::from_json(text)?)?;
        let key = engine.store().new_key(&record)?;
        let written = engine.store().create(&key, &record).await?;
        let written = written.ok_or(Violation::of("a new key is free"))?;
        let stored = load(engine, &written.key).await?.ok_or(Violation::of("what was created is there"))?;
        promise(stored.data.to_json()? == text, "data comes back byte for byte, in its order")?;
    }
    check_half(engine).await
}

/// Half a surrogate pair, which JSON has and not every form: kept, or refused, but never another text.
async fn check_half(engine: &SessionEngine) -> Result<(), Violation> {
    let text = r#"{"half":"\ud800"}"#;
    let record = engine.record(SessionData::from_json(text)?)?;
    let created = match engine.store().new_key(&record) {
        Ok(key) => engine.store().create(&key, &record).await,
        Err(error) => Err(error),
    };
    match created {
        Ok(written) => {
            let written = written.ok_or(Violation::of("a new key is free"))?;
            let stored =
                load(engine, &written.key).await?.ok_or(Violation::of("what was created is there"))?;
            promise(stored.data.to_json()? == text, "data comes back byte for byte, in its order")
        }
        Err(error) if error.kind() == StoreErrorKind::Encode => Ok(()),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn check_client(engine: &SessionEngine) -> Result<(), Violation> {
    let key = new_session(engine).await?;
    let forged: String = key.as_str().chars().rev().collect();
    let handle = engine.session(Some(&forged));
    promise(handle.session().await?.items().is_empty(), "a forged session is empty")?;
    promise(handle.modified(), "a forged session is replaced")?;
    promise(!handle.exists(Some(key.as_str())).await?, "nothing is kept on the server")
}

pub(super) async fn check_absent(engine: &SessionEngine) -> Result<(), Violation> {
    let (store, record) = (engine.store(), engine.record(number(1)?)?);
    let strange =
        ["../../../../etc/passwd", "no such\nkey at all", "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345", "clé-étrange"];
    let mut keys: Vec<SessionKey> = strange.into_iter().filter_map(SessionKey::new).collect();
    keys.push(SessionKey::random());
    for key in &keys {
        promise(load(engine, key).await?.is_none(), "an unknown key has no record")?;
        promise(!store.exists(key).await?, "an unknown key does not exist")?;
        promise(!store.delete(key).await?, "deleting what is not there does nothing")?;
        for seen in [Seen::Never, Seen::Bytes("text".into())] {
            promise(matches!(store.save(key, &seen, &record).await?, Saved::Gone), "saving does not create")?;
            promise(matches!(store.retire(key, &seen).await?, Retired::Gone), "nothing is there to retire")?;
        }
        let merge = Box::new(|stored: Stored| Some(crate::store::Record::new(stored.data, 60, Utc::now())));
        promise(matches!(store.merge(key, merge).await?, Merged::Left), "merging does not create")?;
        promise(!store.exists(key).await?, "nothing was made by asking")?;
    }
    Ok(())
}

pub(super) async fn check_compare_and_set(engine: &SessionEngine) -> Result<(), Violation> {
    let (store, key) = (engine.store(), SessionKey::random());
    let (one, two, three) =
        (engine.record(number(1)?)?, engine.record(number(2)?)?, engine.record(number(3)?)?);
    let created = store.create(&key, &one).await?.ok_or(Violation::of("a new key is free"))?;
    promise(created.key == key, "a record is made under the key that was asked for")?;
    promise(store.exists(&key).await?, "what was created exists")?;
    promise(store.create(&key, &two).await?.is_none(), "a key is given once")?;
    promise(reads(load(engine, &key).await?.as_ref(), 1), "a failed creation changes nothing")?;

    let Saved::Written(written) = store.save(&key, &created.seen, &two).await? else {
        return Err(Violation::of("what is as it was seen is replaced"));
    };
    let Saved::Conflict(newer) = store.save(&key, &created.seen, &three).await? else {
        return Err(Violation::of("what is not as it was seen is a conflict"));
    };
    promise(reads(Some(&newer), 2), "a conflict tells what is there")?;
    promise(reads(load(engine, &key).await?.as_ref(), 2), "a conflict writes nothing")?;
    promise(newer.seen == written.seen, "what a conflict tells is what will be compared")?;
    let Retired::Conflict(newer) = store.retire(&key, &created.seen).await? else {
        return Err(Violation::of("what is not as it was seen is not retired"));
    };
    promise(
        matches!(store.save(&key, &newer.seen, &three).await?, Saved::Written(_)),
        "after a conflict comes a save",
    )?;
    let loaded = load(engine, &key).await?.ok_or(Violation::of("what was saved is there"))?;
    promise(reads(Some(&loaded), 3), "what was saved is read")?;
    promise(
        matches!(store.save(&key, &Seen::Never, &one).await?, Saved::Written(_)),
        "existence alone may suffice",
    )?;
    let now = load(engine, &key).await?.ok_or(Violation::of("what was saved is there"))?;
    promise(
        matches!(store.retire(&key, &now.seen).await?, Retired::Done),
        "what is as it was seen is retired",
    )?;
    promise(!store.exists(&key).await?, "what was retired is gone")?;

    let again = store.create(&key, &one).await?.ok_or(Violation::of("a retired key is free"))?;
    promise(store.delete(&key).await?, "deleting says that something was there")?;
    promise(matches!(store.save(&key, &again.seen, &two).await?, Saved::Gone), "what is gone stays gone")?;
    promise(load(engine, &key).await?.is_none(), "what is gone is not read")
}

pub(super) async fn check_merge(engine: &SessionEngine) -> Result<(), Violation> {
    let (store, key) = (engine.store(), new_session(engine).await?);
    let (other, engine_too) = (number(7)?, engine.clone());
    let merge = Box::new(move |stored: Stored| {
        reads(Some(&stored), 0).then(|| engine_too.record(other.clone()).ok()).flatten()
    });
    let Merged::Written(written) = store.merge(&key, merge).await? else {
        return Err(Violation::of("a merge is given what is there"));
    };
    let stored = load(engine, &key).await?.ok_or(Violation::of("what was merged is there"))?;
    promise(reads(Some(&stored), 7) && stored.seen == written.seen, "a merge writes what it makes")?;
    promise(
        matches!(store.merge(&key, Box::new(|_| None)).await?, Merged::Left),
        "a merge may leave things",
    )?;
    promise(reads(load(engine, &key).await?.as_ref(), 7), "a merge that leaves things changes nothing")
}

pub(super) async fn check_expiry(engine: &SessionEngine) -> Result<(), Violation> {
    let (live, handle) = (new_session(engine).await?, engine.session(None));
    let session = handle.session().await?;
    session.set("n", 1)?;
    session.set_expiry(TimeDelta::hours(-1))?;
    session.save().await?;
    let key = session.session_key().ok_or(Violation::of("a session that was saved has a key"))?;
    promise(load(engine, &key).await?.is_none(), "what has expired is not read")?;
    engine.store().clear_expired().await?;
    promise(!engine.store().exists(&key).await?, "what has expired is cleared")?;
    promise(load(engine, &live).await?.is_some(), "what lives is not cleared")
}

/// A list has every session once, page by page.
pub(super) async fn check_list(engine: &SessionEngine) -> Result<(), Violation> {
    let mut mine = Vec::new();
    for _ in 0..7 {
        mine.push(new_session(engine).await?);
    }
    let (mut seen, mut after): (Vec<SessionKey>, Option<SessionKey>) = (Vec::new(), None);
    loop {
        let Listing::Page(page) = engine.store().list(after.as_ref(), 3).await? else { return Ok(()) };
        promise(page.len() <= 3, "a page is no longer than asked for")?;
        let last = page.len() < 3;
        seen.extend(page.into_iter().map(|listed| listed.key));
        after = seen.last().cloned();
        if last {
            break;
        }
    }
    promise(
        seen.is_sorted_by(|one, other| one.as_str() < other.as_str()),
        "a list is in order, without repetition",
    )?;
    for key in mine {
        let listed = seen.iter().filter(|seen| engine.is_stored_as(&key, seen)).count();
        promise(listed == 1, "a list has every session once")?;
    }
    Ok(())
}
