//! Sessions as a visitor sees them (cases 286 to 308 and 320 to 325).

use std::os::unix::fs::symlink;

use chrono::{TimeDelta, Utc};

use crate::client::{Kept, Reply, get, visit};
use crate::long::times;
use crate::running::{Running, SERVER_SIDE};

/// A session with `n` = 1: its cookie.
pub(crate) async fn begin(site: &Running) -> String {
    let reply = visit(site.address, "/session/count/n/", "").await;
    assert_eq!((reply.status(), reply.body()), (200, "1"));
    reply.cookie().unwrap()
}

fn key(cookie: &str) -> &str {
    cookie.split_once('=').unwrap().1
}

async fn exists(site: &Running, cookie: &str) -> bool {
    site.engine.session(Some(key(cookie))).exists(None).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_nobody_drew_are_never_adopted() {
    for engine in SERVER_SIDE {
        let site = Running::new(engine).await;
        let real = begin(&site).await;
        let real = key(&real);
        let long = "a".repeat(4096);
        let mut sessions = 1;
        for (case, text) in [
            (286, "thiskeydoesnotexist0123456789abc"),
            (287, "short"),
            (288, "../../../../etc/passwd"),
            (289, "/etc/passwd"),
            (290, "abcdefgh%00"),
            (291, &long),
            (292, "' OR 1=1 -- '"),
            (293, "abcdefgh ijklmnop"),
            (294, "abcdefgh\tijklmnop"),
            (295, "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"),
            (296, "schlüssel-schlüssel-schlüssel-12"),
            (297, "................................"),
            (298, "********************************"),
            (299, "}{}{}{}{}{}{}{}{"),
            (300, "1:session:admin"),
            (301, "\"abcdefghijklmnopqrstuvwxyz012345\""),
            (302, &format!("./{real}")),
            (302, &real.to_uppercase()),
            (302, &format!("{real}%00")),
            (302, &format!("{}*", &real[..31])),
        ] {
            let cookie = format!("sessionid={text}");
            let read = visit(site.address, "/session/items/", &cookie).await;
            assert_eq!((read.status(), read.body()), (200, "{}"), "{engine}: case {case}: {text}");
            let written = visit(site.address, "/session/count/n/", &cookie).await;
            assert_eq!((written.status(), written.body()), (200, "1"), "{engine}: case {case}: {text}");
            let new = written.cookie().unwrap();
            assert_ne!(key(&new), text, "{engine}: case {case}");
            let drawn = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
            assert!(key(&new).len() == 32 && key(&new).bytes().all(drawn), "case {case}: {new}");
            sessions += 1;
        }
        if engine == "file" {
            assert_eq!(site.files(), sessions, "each new session has a file, and nothing else was made");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_key_is_dead_at_once() {
    for engine in SERVER_SIDE {
        let site = Running::new(engine).await;
        // Case 304.
        let cookie = begin(&site).await;
        let out = visit(site.address, "/session/flush/", &cookie).await;
        assert!(out.header("set-cookie").unwrap().contains("Max-Age=0"), "{out:?}");
        assert!(!exists(&site, &cookie).await, "{engine}");
        assert_eq!(visit(site.address, "/session/get/n/", &cookie).await.body(), "None");
        let again = visit(site.address, "/session/count/n/", &cookie).await;
        assert_eq!(again.body(), "1", "{engine}");
        assert_ne!(again.cookie().unwrap(), cookie, "{engine}");
        // Case 305.
        let cookie = begin(&site).await;
        let new = visit(site.address, "/session/cycle/", &cookie).await.cookie().unwrap();
        assert_ne!(new, cookie);
        assert!(!exists(&site, &cookie).await && exists(&site, &new).await, "{engine}");
        assert_eq!(visit(site.address, "/session/items/", &new).await.body(), r#"{"n":1}"#, "{engine}");
        assert_eq!(visit(site.address, "/session/items/", &cookie).await.body(), "{}", "{engine}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn case_306_cookie_flags() {
    let site = Running::new("db").await;
    let reply = visit(site.address, "/session/count/n/", "").await;
    let line = reply.header("set-cookie").unwrap();
    assert!(line.ends_with("; HttpOnly; Max-Age=1209600; Path=/; SameSite=Lax"), "{line}");
    let secure = Running::with("db", |settings| settings.SESSION_COOKIE_SECURE = true).await;
    let reply = visit(secure.address, "/session/count/n/", "").await;
    assert!(reply.header("set-cookie").unwrap().ends_with("; SameSite=Lax; Secure"), "{reply:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn case_307_what_reads_a_session_varies_by_it() {
    for engine in SERVER_SIDE {
        let site = Running::new(engine).await;
        let cookie = begin(&site).await;
        for (target, vary) in [
            ("/", None),
            ("/missing", None),
            ("/session/get/n/", Some("Cookie")),
            ("/session/count/n/", Some("Cookie")),
            ("/session/flush/", Some("Cookie")),
        ] {
            for cookies in ["", cookie.as_str()] {
                let reply = visit(site.address, target, cookies).await;
                assert_eq!(reply.header("vary"), vary, "{engine}: {target} with {cookies:?}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn anonymous_reads_make_no_rows() {
    // Cases 308 and 325.
    let rounds = times(1000, 100_000);
    for engine in ["db", "file"] {
        let site = Running::new(engine).await;
        let mut tasks = Vec::new();
        for _ in 0..8 {
            let address = site.address;
            tasks.push(tokio::spawn(async move {
                let mut client =
                    Kept::open(address, "sessionid=thiskeydoesnotexist0123456789abc").await.unwrap();
                for _ in 0..rounds / 8 {
                    assert_eq!(client.get("/session/get/n/").await.unwrap(), (200, "None".into()));
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(rows(&site).await, 0, "{engine}");
        begin(&site).await;
        assert_eq!(rows(&site).await, 1, "{engine}: what is counted is there");
    }
}

/// How many sessions there are; it deletes those of a database.
async fn rows(site: &Running) -> u64 {
    match &site.database {
        None => site.files() as u64,
        Some(database) => {
            let far = Utc::now() + TimeDelta::days(10_000);
            database.sessions().clear_expired(far).await.unwrap()
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn case_321_what_expires_meanwhile_is_not_revived() {
    let tasks = SERVER_SIDE.map(|engine| {
        tokio::spawn(async move {
            let site = Running::new(engine).await;
            let (mut life, mut cookie, mut late) = (1500, String::new(), None);
            // Read before its end, written after it; on a busy machine a short life may be over before it is read.
            while late
                .as_ref()
                .is_none_or(|reply: &Reply| reply.status() == 200 && reply.cookie().unwrap() != cookie)
            {
                assert!(life < 30_000, "{engine}: {late:?}");
                cookie = begin(&site).await;
                assert_eq!(
                    visit(site.address, &format!("/session/end/{life}/"), &cookie).await.status(),
                    200
                );
                late =
                    Some(visit(site.address, &format!("/session/slow/{}/late/", life + 300), &cookie).await);
                life *= 2;
            }
            let late = late.unwrap();
            assert_eq!((late.status(), late.headers("set-cookie").len()), (400, 0), "{engine}: {late:?}");
            assert_eq!(visit(site.address, "/session/items/", &cookie).await.body(), "{}", "{engine}");
            site.engine.clear_expired().await.unwrap();
            assert!(!exists(&site, &cookie).await, "{engine}");
        })
    });
    for task in tasks {
        task.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn case_321_clearing_races_traffic() {
    for engine in ["db", "file"] {
        let site = Running::new(engine).await;
        let cookie = begin(&site).await;
        let mut tasks = Vec::new();
        for task in 0..4 {
            let (address, cookie) = (site.address, cookie.clone());
            tasks.push(tokio::spawn(async move {
                let mut living = Kept::open(address, &cookie).await.unwrap();
                for round in 0..20 {
                    assert_eq!(living.get(&format!("/session/count/t{task}/")).await.unwrap().0, 200);
                    // A session that ends as it begins.
                    let reply = visit(address, "/session/end/-1000/", "").await;
                    assert_eq!(reply.status(), 200, "{round}: {reply:?}");
                }
            }));
        }
        while tasks.iter().any(|task| !task.is_finished()) {
            site.engine.clear_expired().await.unwrap();
        }
        for task in tasks {
            task.await.unwrap();
        }
        let items = visit(site.address, "/session/items/", &cookie).await;
        for task in 0..4 {
            assert!(items.body().contains(&format!("\"t{task}\":20")), "{engine}: {items:?}");
        }
        site.engine.clear_expired().await.unwrap();
        assert_eq!(rows(&site).await, 1, "{engine}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn case_322_a_corrupted_row_is_an_empty_session() {
    for damage in ["", "garbage", "eyJuIjoxfQ:1r31eq:AAAA", "{\"n\": 1}", "\0\0\0\0"] {
        for engine in ["db", "file"] {
            let site = Running::new(engine).await;
            let cookie = begin(&site).await;
            if let Some(database) = &site.database {
                let end = Utc::now() + TimeDelta::days(1);
                assert!(database.sessions().update(key(&cookie), damage, end).await.unwrap());
            } else {
                std::fs::write(site.folder.path().join(format!("sessionid{}", key(&cookie))), damage)
                    .unwrap();
            }
            let read = visit(site.address, "/session/items/", &cookie).await;
            assert_eq!((read.status(), read.body()), (200, "{}"), "{engine}: {damage:?}");
            let written = visit(site.address, "/session/count/n/", &cookie).await;
            assert_eq!((written.status(), written.body()), (200, "1"), "{engine}: {damage:?}");
            // An empty file is what Django makes first of a new session: its key is good.
            let new = damage.is_empty() && engine == "file";
            assert_eq!(
                written.cookie().unwrap() == cookie,
                new,
                "{engine}: {damage:?}: the key is used again"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn case_323_another_key_of_the_site_reads_nothing() {
    for engine in ["db", "file"] {
        let site = Running::new(engine).await;
        let cookie = begin(&site).await;
        let (folder, path) = (site.folder, tempfile::tempdir().unwrap());
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            let entry = entry.unwrap();
            std::fs::copy(entry.path(), path.path().join(entry.file_name())).unwrap();
        }
        let settings = nuages::prelude::Settings {
            SECRET_KEY: "another-secret-key".into(),
            ..crate::running::settings(engine, path.path())
        };
        let other = Running::serve(path, settings, nuages::prelude::SessionMiddleware::new()).await;
        assert_eq!(visit(other.address, "/session/items/", &cookie).await.body(), "{}", "{engine}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn case_324_a_link_at_the_name_of_a_session_is_not_followed() {
    let site = Running::new("file").await;
    let cookie = begin(&site).await;
    let file = site.folder.path().join(format!("sessionid{}", key(&cookie)));
    let outside = tempfile::tempdir().unwrap();
    let target = outside.path().join("target");
    std::fs::rename(&file, &target).unwrap();
    symlink(&target, &file).unwrap();
    let content = std::fs::read(&target).unwrap();
    for path in ["/session/items/", "/session/count/n/", "/session/cycle/", "/session/flush/"] {
        let reply = visit(site.address, path, &cookie).await;
        assert!(reply.status() < 500, "{path}: {reply:?}");
        assert!(!reply.body().contains("\"n\""), "{path}: {reply:?}");
        assert_eq!(std::fs::read(&target).unwrap(), content, "{path}");
    }
    assert_eq!(get(site.address, "/", "").await.status(), 200);
}
