//! The life of a member: log in, visit, look, log out, and begin anew.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use serde_json::json;

use crate::browser::Browser;
use crate::tally::Tally;

/// Visits between a login and a logout.
const VISITS: u64 = 20;

pub(crate) fn live(number: usize, url: &str, until: Instant, tally: &Tally) {
    for life in 0_u64.. {
        if Instant::now() >= until {
            return;
        }
        let name = format!("member {number} in life {life}");
        if let Err(loss) = stay(&name, url, tally) {
            tally.lost(format!("{name}: {loss}"));
        }
    }
}

fn stay(name: &str, url: &str, tally: &Tally) -> Result<(), String> {
    let mut browser = Browser::new(url);
    browser.post("/member/login/", &[("name", name)])?;
    count(&tally.logins);
    count(&tally.requests);
    let mut seen = 0;
    for _ in 0..VISITS {
        let answer = browser.post("/member/visit/", &[])?;
        count(&tally.requests);
        // A visit may be counted twice, if the process that had counted it was killed before it could answer.
        let visits = answer["visits"].as_u64().unwrap_or_default();
        if visits <= seen {
            return Err(format!("visit {visits} came after visit {seen}"));
        }
        seen = visits;
        let me = browser.get("/member/me/")?;
        count(&tally.requests);
        if me != json!({"member": name, "visits": seen}) {
            return Err(format!("the session holds {me} after visit {seen}"));
        }
    }
    let mut thief = browser.copy();
    browser.post("/member/logout/", &[])?;
    count(&tally.logouts);
    let me = thief.get("/member/me/")?;
    if me["member"].is_null() { Ok(()) } else { Err(format!("the session lives on after its logout: {me}")) }
}

fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}
