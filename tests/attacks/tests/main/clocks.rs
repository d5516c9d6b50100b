//! Clocks that jump (case 320): expiry follows the clock, and nothing panics.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::SeqCst};

use nuages::prelude::*;
use nuages_db::Database;
use nuages_sessions::{Backends, SessionCodec, SessionEngine};
use nuages_signing::Clock;
use tempfile::TempDir;

use crate::client::visit;
use crate::running::{Running, settings};

const DAY: i64 = 86_400;

/// A site whose clock is ahead of ours by so many seconds.
async fn site(engine: &str) -> (Running, Arc<AtomicI64>) {
    let folder = TempDir::new().unwrap();
    let settings = settings(engine, folder.path());
    let ahead = Arc::new(AtomicI64::new(0));
    let clock = Clock::from_fn({
        let ahead = ahead.clone();
        move || Clock::system().now() + ahead.load(SeqCst) as f64
    });
    let database = Database::connect(settings.DATABASE_URL.as_str()).unwrap();
    database.migrate().await.unwrap();
    let backends = Backends { database: Some(database), caches: None };
    let codec = SessionCodec::new(settings.secret_keys()).clock(clock);
    let engine = SessionEngine::from_settings_with(&settings, &backends, codec).unwrap();
    (Running::serve(folder, settings, SessionMiddleware::with_engine(engine)).await, ahead)
}

async fn n(site: &Running, cookie: &str) -> String {
    let reply = visit(site.address, "/session/items/", cookie).await;
    assert_eq!(reply.status(), 200, "{reply:?}");
    reply.body().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn case_320_expiry_follows_the_clock() {
    for engine in ["db", "file", "signed_cookies"] {
        let (site, ahead) = site(engine).await;
        let cookie = visit(site.address, "/session/count/n/", "").await.cookie().unwrap();
        // A day forth and a day back: it lives. After its two weeks it is dead.
        for (jump, alive) in
            [(DAY, true), (-DAY, true), (-20 * DAY, true), (13 * DAY, true), (15 * DAY, false)]
        {
            ahead.store(jump, SeqCst);
            let expected = if alive { r#"{"n":1}"# } else { "{}" };
            assert_eq!(n(&site, &cookie).await, expected, "{engine}: {} days", jump / DAY);
        }
        // What was made in a wrong future does not outlive its age by more than the jump.
        ahead.store(10 * DAY, SeqCst);
        let cookie = visit(site.address, "/session/count/n/", "").await.cookie().unwrap();
        for (jump, alive) in [(0, true), (23 * DAY, true), (26 * DAY, false)] {
            ahead.store(jump, SeqCst);
            // A file's age is told by the file system, whose clock has not jumped.
            let alive = alive && !(engine == "file" && jump > 14 * DAY);
            let expected = if alive { r#"{"n":1}"# } else { "{}" };
            assert_eq!(n(&site, &cookie).await, expected, "{engine}: {} days", jump / DAY);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn case_320_no_time_breaks_anything() {
    // 2038, 2106, 1901, the year 1; and 9999, the year 0 and beyond, where dates end.
    let times = [2_147_483_648, 4_294_967_296, -2_147_483_649, -62_135_596_800];
    let beyond = [253_402_300_799, -62_167_219_200, i64::MAX / 2, i64::MIN / 2];
    for engine in ["db", "file", "signed_cookies"] {
        let (site, ahead) = site(engine).await;
        let cookie = visit(site.address, "/session/count/n/", "").await.cookie().unwrap();
        let now = Clock::system().now() as i64;
        for time in times.into_iter().chain(beyond) {
            ahead.store(time.saturating_sub(now), SeqCst);
            for target in ["/session/items/", "/session/count/n/", "/session/cycle/", "/session/flush/"] {
                for cookies in [cookie.as_str(), ""] {
                    let reply = visit(site.address, target, cookies).await;
                    // Where no date exists, a session cannot be saved.
                    assert!(reply.status() < 500 || beyond.contains(&time), "{engine}: {time}: {reply:?}");
                }
            }
            site.engine.clear_expired().await.ok();
        }
        ahead.store(0, SeqCst);
        assert_eq!(visit(site.address, "/session/count/n/", "").await.body(), "1", "{engine}");
    }
}
