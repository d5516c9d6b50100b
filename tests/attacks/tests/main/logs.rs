//! What a whole run writes to its log: no secret, no session key, no value of a cookie or a session (case 284).

use tempfile::TempDir;

use crate::client::{get, send, visit};
use crate::process::Process;
use crate::running::SECRET_KEY;

/// Texts that may stand in no log.
struct Secrets(Vec<String>);

impl Secrets {
    fn assert_absent(&self, log: &str, engine: &str) {
        for secret in &self.0 {
            let line = log.lines().find(|line| line.contains(secret));
            assert_eq!(line, None, "{engine}: {secret:?} is in the log");
        }
    }
}

/// Sends a form.
async fn post(site: &Process, target: &str, form: &str, cookies: &str) -> crate::client::Reply {
    let head = format!("POST {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nCookie: {cookies}\r\n");
    let lines = format!("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}", form.len());
    send(site.address, format!("{head}{lines}\r\n\r\n{form}")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn case_284_no_secret_is_in_the_log() {
    for engine in ["db", "file", "cache", "signed_cookies"] {
        let folder = TempDir::new().unwrap();
        let site = Process::start_with(engine, &folder, &["RUST_LOG=trace"]).await;
        let mut secrets = Secrets(vec![SECRET_KEY.to_owned()]);
        for word in ["kept-in-a-session", "kept-in-a-cookie", "sent-in-a-cookie", "a-forged-cookie"] {
            secrets.0.push(word.to_owned());
        }
        let remember = |secrets: &mut Secrets, reply: &crate::client::Reply| {
            for line in reply.headers("set-cookie") {
                let value = line.split(';').next().unwrap().split_once('=').unwrap().1.trim_matches('"');
                if value.len() >= 8 {
                    secrets.0.push(value.to_owned());
                }
            }
        };
        // Sessions: kept, changed, cycled, raced, tampered with, ended.
        let kept = post(&site, "/session/keep/", "value=kept-in-a-session", "").await;
        assert_eq!(kept.status(), 200, "{engine}: {kept:?}");
        remember(&mut secrets, &kept);
        let cookie = kept.cookie().unwrap();
        for target in [
            "/session/items/",
            "/session/get/missing/",
            "/session/count/kept/",
            "/session/fail/x/",
            "/session/panic/x/",
            "/panic",
            "/session/cycle/",
            "/session/slow/1/x/",
            "/session/flush/",
            "/session/items/",
            "/session/end/-1000/",
            "/session/end/soon/",
        ] {
            for cookies in [cookie.as_str(), "sessionid=a-forged-cookie-of-thirty-two-chrs", ""] {
                remember(&mut secrets, &visit(site.address, target, cookies).await);
            }
        }
        // What a store holds that is no session.
        for file in std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap) {
            if file.file_name().to_string_lossy().starts_with("sessionid") {
                std::fs::write(file.path(), "garbage").unwrap();
            }
        }
        visit(site.address, "/session/items/", &cookie).await;
        // Cookies: signed and not, read, forged, and refused.
        let set = post(&site, "/cookies/keep", "value=kept-in-a-cookie", &cookie).await;
        assert_eq!(set.headers("set-cookie").len(), 2, "{set:?}");
        remember(&mut secrets, &set);
        let refused = post(&site, "/cookies/keep", "value=kept-in-a-cookie%0d%0a", &cookie).await;
        assert!(refused.status() == 500 || refused.header("set-cookie").is_some(), "{refused:?}");
        post(&site, "/cookies/keep", &format!("value=kept-in-a-cookie{}", "x".repeat(5000)), "").await;
        for cookies in [format!("c=sent-in-a-cookie; {cookie}"), "kept=a-forged-cookie:1:x".to_owned()] {
            for target in ["/cookies", "/signed/get?name=kept&salt=s", "/meta", "/missing", "/panic"] {
                visit(site.address, target, &cookies).await;
            }
            let lines = format!("Cookie: {cookies}\r\nX-Bomb: after\r\n");
            get(site.address, "/", &lines).await;
            send(
                site.address,
                format!("GET / HTTP/1.1\r\nHost: evil\r\nConnection: close\r\nCookie: {cookies}\r\n\r\n"),
            )
            .await;
            send(site.address, format!("GET / HTTP/1.1\r\nCookie: {cookies}\r\nbroken line\r\n\r\n")).await;
        }
        let (clean, log) = site.end().await;
        assert!(clean, "{engine}");
        assert!(log.contains("the-text-of-a-panic") && log.contains("GET"), "the log is there: {log}");
        assert!(secrets.0.len() > 5, "{engine}: keys were seen");
        secrets.assert_absent(&log, engine);
    }
}
