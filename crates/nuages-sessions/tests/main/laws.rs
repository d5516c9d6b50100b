//! One client's random operations against a model: a dictionary, a key, a table.

use std::collections::BTreeMap;

use nuages_sessions::{CookieChange, SessionEngine, SessionErrorKind};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::bench::{Bench, ENGINES};

#[derive(Clone, Debug)]
enum Step {
    Set(u8, i64),
    SetDefault(u8, i64),
    Modify(u8),
    Pop(u8),
    Update(u8, i64),
    Clear,
    Flush,
    CycleKey,
    Save,
    Expiry(Option<i64>),
    SetModified(bool),
}

#[derive(Clone, Debug)]
struct Request {
    steps: Vec<Step>,
    reads: bool,
    failed: bool,
}

fn step() -> impl Strategy<Value = Step> {
    let (name, value) = (0..4_u8, -3..1000_i64);
    prop_oneof![
        4 => (name.clone(), value.clone()).prop_map(|(name, value)| Step::Set(name, value)),
        2 => (name.clone(), value.clone()).prop_map(|(name, value)| Step::SetDefault(name, value)),
        3 => name.clone().prop_map(Step::Modify),
        2 => name.clone().prop_map(Step::Pop),
        1 => (name, value).prop_map(|(name, value)| Step::Update(name, value)),
        1 => Just(Step::Clear),
        1 => Just(Step::Flush),
        2 => Just(Step::CycleKey),
        2 => Just(Step::Save),
        1 => prop::option::of(1..5000_i64).prop_map(Step::Expiry),
        1 => any::<bool>().prop_map(Step::SetModified),
    ]
}

fn request() -> impl Strategy<Value = Request> {
    (prop::collection::vec(step(), 0..7), any::<bool>(), prop::bool::weighted(0.1))
        .prop_map(|(steps, reads, failed)| Request { steps, reads, failed })
}

type Dictionary = BTreeMap<String, i64>;

/// What a browser and a server hold between two requests.
#[derive(Default)]
struct Model {
    /// Has the browser a cookie?
    cookie: bool,
    /// The record that its key names.
    stored: Option<Dictionary>,
}

/// What the end of a request comes to.
#[derive(Debug, PartialEq)]
enum End {
    Nothing,
    Deleted,
    Saved,
    Interrupted,
}

impl Model {
    /// Plays a request; `client` is whether the cookie is the record.
    fn play(&mut self, request: &Request, client: bool) -> End {
        let (mut key, mut modified) = (self.cookie, false);
        let mut data: Option<Dictionary> = None;
        let mut record = self.stored.clone();
        let loads =
            request.reads || request.steps.iter().any(|step| !matches!(step, Step::Clear | Step::Flush));
        if loads {
            if key && record.is_none() && !client {
                key = false;
            }
            modified |= key && record.is_none();
            data = Some(record.clone().unwrap_or_default());
        }
        for step in &request.steps {
            let values = data.get_or_insert_default();
            match step {
                Step::Set(name, value) | Step::Update(name, value) => {
                    values.insert(name.to_string(), *value);
                    modified = true;
                }
                Step::SetDefault(name, value) => {
                    modified |= !values.contains_key(&name.to_string());
                    values.entry(name.to_string()).or_insert(*value);
                }
                Step::Modify(name) => {
                    *values.entry(name.to_string()).or_insert(0) += 1;
                    modified = true;
                }
                Step::Pop(name) => modified |= values.remove(&name.to_string()).is_some(),
                Step::Clear => {
                    values.clear();
                    modified = true;
                }
                Step::Flush => {
                    values.clear();
                    (modified, key, record) = (true, false, None);
                }
                Step::CycleKey => {
                    // The new record is written before the next look at the store; the old one is gone for good.
                    (modified, key, record) = (true, true, Some(values.clone()));
                }
                Step::Save => {
                    modified |= !key || client;
                    (key, record) = (true, Some(values.clone()));
                }
                Step::Expiry(Some(seconds)) => {
                    values.insert("_session_expiry".to_owned(), *seconds);
                    modified = true;
                }
                Step::Expiry(None) => modified |= values.remove("_session_expiry").is_some(),
                Step::SetModified(flag) => modified = *flag,
            }
        }
        let empty = !key && data.as_ref().is_none_or(BTreeMap::is_empty);
        if client {
            // The server keeps nothing: what the browser has changes with the cookie alone.
            if self.cookie && empty {
                *self = Self::default();
                return End::Deleted;
            }
            if modified && !empty && !request.failed {
                *self = Self { cookie: true, stored: Some(data.unwrap_or_default()) };
                return End::Saved;
            }
            return End::Nothing;
        }
        let cycled =
            request.steps.iter().any(|step| matches!(step, Step::CycleKey | Step::Flush | Step::Save));
        if self.cookie && empty {
            *self = Self::default();
            return End::Deleted;
        }
        if modified && !empty && !request.failed {
            if key && self.cookie && self.stored.is_none() && !loads && !cycled {
                return End::Interrupted;
            }
            *self = Self { cookie: true, stored: Some(data.unwrap_or_default()) };
            return End::Saved;
        }
        // No cookie is sent. If the key has changed, the browser is left with one that names nothing.
        let changed = request.steps.iter().any(|step| matches!(step, Step::CycleKey | Step::Flush))
            || (self.cookie && self.stored.is_none());
        if changed || !self.cookie {
            self.stored = None;
        } else {
            self.stored = record;
        }
        End::Nothing
    }
}

async fn play(engine: &SessionEngine, cookie: &mut Option<String>, request: &Request) -> End {
    let handle = engine.session(cookie.as_deref());
    if request.reads {
        handle.session().await.unwrap();
    }
    for step in &request.steps {
        match step {
            Step::Clear => {
                handle.session().await.unwrap();
                handle.clear();
            }
            Step::Flush => {
                handle.session().await.unwrap();
                handle.flush();
            }
            step => {
                let session = handle.session().await.unwrap();
                match step {
                    Step::Set(name, value) => session.set(name.to_string(), value).unwrap(),
                    Step::SetDefault(name, value) => {
                        session.setdefault(name.to_string(), *value).unwrap();
                    }
                    Step::Modify(name) => {
                        session.modify(name.to_string(), |n: i64| n + 1).unwrap();
                    }
                    Step::Pop(name) => {
                        session.pop_or(name.to_string(), 0_i64).unwrap();
                    }
                    Step::Update(name, value) => session.update([(name.to_string(), *value)]).unwrap(),
                    Step::CycleKey => session.cycle_key().unwrap(),
                    Step::Save => session.save().await.unwrap(),
                    Step::Expiry(expiry) => session.set_expiry(*expiry).unwrap(),
                    Step::SetModified(flag) => session.set_modified(*flag),
                    Step::Clear | Step::Flush => {}
                }
            }
        }
    }
    match handle.commit(cookie.is_some(), if request.failed { 500 } else { 200 }).await {
        Err(error) if error.kind() == SessionErrorKind::UpdateError => End::Interrupted,
        Err(error) => panic!("{error:?}"),
        Ok(committed) => match committed.cookie {
            CookieChange::Delete => {
                *cookie = None;
                End::Deleted
            }
            CookieChange::Set { key, .. } => {
                *cookie = Some(key.as_str().to_owned());
                End::Saved
            }
            _ => End::Nothing,
        },
    }
}

async fn stored(engine: &SessionEngine, cookie: Option<&str>, client: bool) -> Value {
    let handle = engine.session(cookie);
    if cookie.is_none() || (!client && !handle.exists(None).await.unwrap()) {
        return Value::Null;
    }
    serde_json::to_value(handle.session().await.unwrap().items()).unwrap()
}

async fn equals_the_model(requests: &[Request]) {
    for name in ENGINES {
        let (bench, client) = (Bench::new(name).await, name == "signed_cookies");
        let (mut model, mut cookie) = (Model::default(), None);
        for (index, request) in requests.iter().enumerate() {
            // Every path that asks the store first reads, so that the model need not know what is lazy.
            let request = &Request { reads: true, ..request.clone() };
            let ours = play(&bench.engine, &mut cookie, request).await;
            assert_eq!(ours, model.play(request, client), "{name}: end of request {index}");
            assert_eq!(cookie.is_some(), model.cookie, "{name}: cookie after request {index}");
            let expected = model.stored.as_ref().map_or(Value::Null, |stored| json!(stored));
            assert_eq!(
                stored(&bench.engine, cookie.as_deref(), client).await,
                expected,
                "{name}: after {index}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_engine_equals_the_model(requests in prop::collection::vec(request(), 1..12)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build().unwrap();
        runtime.block_on(equals_the_model(&requests));
    }
}
