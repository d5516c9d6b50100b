//! Every operation in every state comes to what it comes to in Django: the recorded table, engine by engine.

use std::collections::BTreeMap;

use chrono::{TimeZone, Utc};
use nuages_sessions::{Committed, CookieChange, SessionEngine, SessionErrorKind, SessionHandle};
use nuages_signing::Clock;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::bench::{Bench, ENGINES};
use crate::play::{name, play};

const UNKNOWN: &str = "unknownkey0000000000000000000000";

#[derive(Deserialize)]
struct Table {
    states: BTreeMap<String, State>,
    scripts: BTreeMap<String, Vec<Vec<Value>>>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct State {
    cookie: String,
    read: bool,
    interference: Option<String>,
    status: u16,
    every_request: bool,
}

#[derive(Deserialize)]
struct Case {
    state: String,
    script: String,
    engines: Vec<String>,
    #[serde(flatten)]
    outcome: BTreeMap<String, Value>,
}

fn relation(key: Option<&str>, old: Option<&str>) -> Value {
    match key {
        None => Value::Null,
        key if key == old => json!("old"),
        _ => json!("new"),
    }
}

fn key_of(handle: &SessionHandle) -> Option<String> {
    handle.session_key().map(|key| key.as_str().to_owned())
}

/// What a fresh look finds under a key.
async fn stored(engine: &SessionEngine, server_side: bool, key: Option<&str>) -> Value {
    let Some(key) = key else { return Value::Null };
    let handle = engine.session(Some(key));
    if server_side && !handle.exists(None).await.unwrap() {
        return Value::Null;
    }
    let data = serde_json::to_value(handle.session().await.unwrap().items()).unwrap();
    if server_side && key_of(&handle).as_deref() != Some(key) { json!("expired") } else { data }
}

async fn prepare(bench: &Bench, engine: &str, cookie: &str) -> Option<String> {
    let past = Utc.with_ymd_and_hms(2001, 1, 1, 0, 0, 0).unwrap();
    let maker = if engine == "signed_cookies" && cookie == "expired" {
        bench.at(Clock::from(past))
    } else {
        bench.engine.clone()
    };
    match cookie {
        "unknown" => return Some(UNKNOWN.to_owned()),
        "short" => return Some("short".to_owned()),
        "alive" | "expired" => {}
        _ => return None,
    }
    let handle = maker.session(None);
    let session = handle.session().await.unwrap();
    session.update([("a", json!(1)), ("b", json!(2)), ("l", json!([0]))]).unwrap();
    if cookie == "expired" && engine != "signed_cookies" {
        session.set_expiry(past).unwrap();
    }
    session.save().await.unwrap();
    key_of(&handle)
}

async fn run(
    bench: &Bench,
    engine_name: &str,
    state: &State,
    script: &[Vec<Value>],
) -> BTreeMap<String, Value> {
    let engine = bench.again(|settings| settings.SESSION_SAVE_EVERY_REQUEST = state.every_request);
    let server_side = engine_name != "signed_cookies";
    let old = prepare(bench, engine_name, &state.cookie).await;
    let old = old.as_deref();
    let handle = engine.session(old);
    if state.read {
        handle.session().await.unwrap().get::<Value>("a").unwrap();
    }
    match state.interference.as_deref() {
        Some("delete") => bench.engine.session(None).delete(old).await.unwrap(),
        Some(_) => {
            let other = bench.engine.session(old);
            let session = other.session().await.unwrap();
            session.update([("b", 22), ("c", 33)]).unwrap();
            session.save().await.unwrap();
        }
        None => {}
    }
    let mut out = BTreeMap::new();
    let mut results = Vec::new();
    for operation in script {
        results.push(match play(&handle, operation).await {
            Err(error) => name(&error),
            Ok(value) if operation[0] == "session_key" => json!([relation(value.as_str(), old)]),
            Ok(value) => json!([value]),
        });
    }
    out.insert("results".to_owned(), json!(results));
    out.insert("key".to_owned(), relation(key_of(&handle).as_deref(), old));
    out.insert("accessed".to_owned(), json!(handle.accessed()));
    out.insert("modified".to_owned(), json!(handle.modified()));
    let mut new = None;
    match handle.commit(old.is_some(), state.status).await {
        Err(error) if error.kind() == SessionErrorKind::UpdateError => {
            out.insert("status".to_owned(), json!(400));
        }
        Err(error) => panic!("{error:?}"),
        Ok(Committed { cookie, vary, .. }) => {
            out.insert("status".to_owned(), json!(state.status));
            out.insert("vary".to_owned(), json!(vary));
            match cookie {
                CookieChange::Delete => drop(out.insert("cookie".to_owned(), json!("deleted"))),
                CookieChange::Set { key, lifetime } => {
                    out.insert("cookie".to_owned(), relation(Some(key.as_str()), old));
                    let age = lifetime.map_or(json!(""), |(age, _)| json!(age));
                    let far = age.as_i64().is_some_and(|age| age.abs() > 100_000_000);
                    out.insert("max_age".to_owned(), if far { json!("far") } else { age });
                    new = Some(key.as_str().to_owned()).filter(|key| Some(key.as_str()) != old);
                }
                _ => {}
            }
        }
    }
    if new.is_none() && server_side {
        new = key_of(&handle).filter(|key| Some(key.as_str()) != old);
    }
    if server_side {
        out.insert("old row".to_owned(), stored(&bench.engine, server_side, old).await);
    }
    out.insert("new row".to_owned(), stored(&bench.engine, server_side, new.as_deref()).await);
    for key in [old, new.as_deref()].into_iter().flatten() {
        bench.engine.session(None).delete(Some(key)).await.unwrap();
    }
    out.retain(|name, value| {
        !(value.is_null()
            || *value == json!(false)
            || *value == json!([])
            || (name == "status" && *value == json!(200)))
    });
    out
}

/// Names that a script sets or deletes.
fn touched(script: &[Vec<Value>]) -> Vec<String> {
    let mut names = Vec::new();
    for operation in script {
        match operation[0].as_str().unwrap() {
            "set" | "del" | "pop" | "setdefault" | "append" => {
                names.push(operation[1].as_str().unwrap().to_owned());
            }
            "update" => names.extend(operation[1].as_object().unwrap().keys().cloned()),
            "set_expiry" => names.push("_session_expiry".to_owned()),
            "set_test_cookie" | "delete_test_cookie" => names.push("testcookie".to_owned()),
            _ => {}
        }
    }
    names
}

/// What ours shall come to: what Django's did, but for the differences on purpose. None where Django's own engines are of
/// several minds and ours takes one side; the reasons stand beside each.
fn expected(engine: &str, case: &Case, table: &Table) -> Option<BTreeMap<String, Value>> {
    let (mut out, state, script) =
        (case.outcome.clone(), &table.states[&case.state], &table.scripts[&case.script]);
    out.remove("rows");
    let first = script.first().map_or("", |operation| operation[0].as_str().unwrap());
    let has = |name: &str| script.iter().any(|operation| operation[0] == name);
    let (gone, failed) = (state.interference.as_deref() == Some("delete") && state.read, state.status >= 500);
    let dead_cookie = matches!(state.cookie.as_str(), "unknown" | "expired") || case.state == "gone unloaded";

    // Django's pop takes back the modification that loading a dead cookie made.
    if first == "pop" && dead_cookie && !state.read {
        return None;
    }
    // Django's file engine draws a key when it is asked whether none exists.
    if first == "exists" || case.script == "delete, exists" {
        let no_key =
            matches!(state.cookie.as_str(), "none" | "short") || (state.cookie == "unknown" && state.read);
        if engine == "file" && no_key {
            return None;
        }
    }
    // Django's cache engine notices that there is nothing to save before it loads, the others afterwards.
    if engine == "cache" && !state.read && has("save") && (dead_cookie || case.script == "delete, save") {
        return None;
    }
    // Django forgets what an unloaded session holds when it cannot create it a second time.
    if !state.read && state.every_request && case.script == "save must_create" && engine != "signed_cookies" {
        return None;
    }
    // A request that fails makes no record that nobody will ask for.
    let written_at_once = script.last().is_some_and(|last| {
        matches!(last[0].as_str().unwrap(), "load" | "save" | "exists" | "flush" | "create")
    });
    if failed && has("cycle_key") && !written_at_once {
        out.remove("new row");
    }
    // A session that was ended stays ended: its data is not carried to another key.
    if gone && ((has("cycle_key") && case.script != "cycle_key, flush") || has("load")) {
        let key = if has("cycle_key") { "new" } else { "old" };
        out.insert("key".to_owned(), json!(key));
        out.remove("new row");
        if has("cycle_key")
            && matches!(script.last().unwrap()[0].as_str().unwrap(), "load" | "save" | "exists")
        {
            *out.get_mut("results").unwrap().as_array_mut().unwrap().last_mut().unwrap() =
                json!("UpdateError");
        }
        let modified = out.contains_key("modified") || state.every_request || has("cycle_key");
        if modified && !failed {
            out.retain(|name, _| !matches!(name.as_str(), "cookie" | "max_age" | "vary"));
            out.insert("status".to_owned(), json!(400));
        }
    }
    // Of two writers both are kept.
    if state.interference.as_deref() == Some("write") && state.read && !has("clear") && !has("flush") {
        let names = touched(script);
        let merge = |value: &mut Value| {
            let Value::Object(row) = value else { return };
            for (name, newer) in [("a", json!(1)), ("b", json!(22)), ("l", json!([0])), ("c", json!(33))] {
                if !names.iter().any(|touched| touched == name) {
                    row.insert(name.to_owned(), newer);
                }
            }
        };
        let moved = has("cycle_key");
        if case.script.ends_with("save, load") || case.script == "cycle_key, load" {
            out.get_mut("results").unwrap()[script.len() - 1].get_mut(0).map(merge);
        }
        if !failed || has("save") || moved {
            out.get_mut("old row").map(merge);
            if moved {
                out.get_mut("new row").map(merge);
            }
        }
    }
    Some(out)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_comes_to_what_it_does_in_django() {
    let table: Table = serde_json::from_str(include_str!("../vectors/operations.json")).unwrap();
    let (mut same, mut wrong) = (0, Vec::new());
    let mut benches = BTreeMap::new();
    for engine in ENGINES {
        benches.insert(engine, Bench::new(engine).await);
    }
    for case in &table.cases {
        for engine in &case.engines {
            let ours = run(
                &benches[engine.as_str()],
                engine,
                &table.states[&case.state],
                &table.scripts[&case.script],
            )
            .await;
            let Some(django) = expected(engine, case, &table) else { continue };
            if ours == django {
                same += 1;
            } else {
                wrong.push(format!(
                    "{engine} / {} / {}\n   django {django:?}\n   ours   {ours:?}",
                    case.state, case.script
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), same + wrong.len(), wrong.join("\n"));
}
