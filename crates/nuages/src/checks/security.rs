//! Are the settings fit for deployment? (`django.core.checks.security`)

use std::collections::BTreeSet;

use nuages_http::Settings;
use nuages_signing::SecretKey;

use super::{Message, Subject};
use crate::secret_key_file::DEVELOPMENT_PREFIX;

const SECURITY: &str = "SecurityMiddleware";
const CSRF: &str = "CsrfViewMiddleware";
const FRAME_OPTIONS: &str = "XFrameOptionsMiddleware";

const KEY_LENGTH: usize = 50;
const KEY_DIFFERENT: usize = 5;

const REFERRER_POLICIES: [&str; 8] = [
    "no-referrer",
    "no-referrer-when-downgrade",
    "origin",
    "origin-when-cross-origin",
    "same-origin",
    "strict-origin",
    "strict-origin-when-cross-origin",
    "unsafe-url",
];
const OPENER_POLICIES: [&str; 3] = ["same-origin", "same-origin-allow-popups", "unsafe-none"];

pub(super) fn check(subject: &Subject<'_>) -> Vec<Message> {
    let settings = subject.settings;
    let mut messages = Vec::new();
    if subject.has(SECURITY) {
        messages.extend(https(settings));
        messages.extend(headers(settings));
    } else {
        messages.push(Message::warning(
            "security.W001",
            "without SecurityMiddleware the SECURE_… settings have no effect: no HSTS, no nosniff, no Referrer-Policy, \
             no Cross-Origin-Opener-Policy, no redirect to HTTPS",
            "add .middleware(SecurityMiddleware::new()) as the first one",
        ));
    }
    messages.extend(frames(subject));
    messages.extend(csrf(subject));
    messages.extend(session_cookie(subject));
    messages.extend(keys(settings));
    if settings.DEBUG {
        messages.push(Message::warning(
            "security.W018",
            "DEBUG is on, and error pages show what only developers may see",
            "set DEBUG = false",
        ));
    }
    if settings.ALLOWED_HOSTS.is_empty() {
        messages.push(Message::warning(
            "security.W020",
            "ALLOWED_HOSTS is empty, so every request is refused when DEBUG is off",
            "list the hosts that the site answers for: ALLOWED_HOSTS = [\"www.example.com\"]",
        ));
    }
    messages.sort_by_key(|message| message.id);
    messages
}

fn https(settings: &Settings) -> Vec<Message> {
    let mut messages = Vec::new();
    if settings.SECURE_HSTS_SECONDS == 0 {
        messages.push(Message::warning(
            "security.W004",
            "SECURE_HSTS_SECONDS is 0, so browsers go on trying plain HTTP",
            "if all of the site is served over HTTPS, set it to a small number (3600), and raise it once that works; \
             browsers remember it, and nothing takes it back",
        ));
    } else {
        if !settings.SECURE_HSTS_INCLUDE_SUBDOMAINS {
            messages.push(Message::warning(
                "security.W005",
                "SECURE_HSTS_INCLUDE_SUBDOMAINS is off, so a subdomain over plain HTTP can attack the site",
                "set it to true if every subdomain is served over HTTPS only",
            ));
        }
        if !settings.SECURE_HSTS_PRELOAD {
            messages.push(Message::warning(
                "security.W021",
                "SECURE_HSTS_PRELOAD is off, so the site cannot enter the browsers' preload list",
                "set it to true if the domain shall be on that list",
            ));
        }
    }
    if !settings.SECURE_SSL_REDIRECT {
        messages.push(Message::warning(
            "security.W008",
            "SECURE_SSL_REDIRECT is off, so requests over plain HTTP are answered",
            "set it to true, or let the proxy in front redirect to HTTPS",
        ));
    }
    messages
}

fn headers(settings: &Settings) -> Vec<Message> {
    let mut messages = Vec::new();
    if !settings.SECURE_CONTENT_TYPE_NOSNIFF {
        messages.push(Message::warning(
            "security.W006",
            "SECURE_CONTENT_TYPE_NOSNIFF is off, so browsers may take an upload for a script",
            "set it to true",
        ));
    }
    match &settings.SECURE_REFERRER_POLICY {
        None => messages.push(Message::warning(
            "security.W022",
            "SECURE_REFERRER_POLICY is none, so other sites learn which page a visitor comes from",
            "set it to \"same-origin\"",
        )),
        Some(policies) => {
            let unknown = |policy: &&str| !REFERRER_POLICIES.contains(policy);
            if let Some(policy) = policies.split(',').map(str::trim).find(unknown) {
                messages.push(Message::error(
                    "security.E023",
                    format_args!("SECURE_REFERRER_POLICY holds {policy:?}, which browsers ignore"),
                    format_args!("use {}, or several separated by commas", REFERRER_POLICIES.join(", ")),
                ));
            }
        }
    }
    if let Some(policy) = &settings.SECURE_CROSS_ORIGIN_OPENER_POLICY
        && !OPENER_POLICIES.contains(&policy.as_str())
    {
        messages.push(Message::error(
            "security.E024",
            format_args!("SECURE_CROSS_ORIGIN_OPENER_POLICY is {policy:?}, which browsers ignore"),
            format_args!("use {}", OPENER_POLICIES.join(", ")),
        ));
    }
    messages
}

fn frames(subject: &Subject<'_>) -> Option<Message> {
    if !subject.has(FRAME_OPTIONS) {
        return Some(Message::warning(
            "security.W002",
            "without XFrameOptionsMiddleware any site may show the pages in a frame and steal clicks",
            "add .middleware(XFrameOptionsMiddleware::new())",
        ));
    }
    let value = &subject.settings.X_FRAME_OPTIONS;
    (value != "DENY").then(|| {
        Message::warning(
            "security.W019",
            format_args!("X_FRAME_OPTIONS is {value:?}"),
            "set it to \"DENY\", unless the site shows itself in frames",
        )
    })
}

fn csrf(subject: &Subject<'_>) -> Option<Message> {
    if !subject.has(CSRF) {
        return Some(Message::warning(
            "security.W003",
            "without CsrfViewMiddleware other sites can send forms in a visitor's name",
            "add .middleware(CsrfViewMiddleware::new()) behind CommonMiddleware",
        ));
    }
    let settings = subject.settings;
    (!settings.CSRF_USE_SESSIONS && !settings.CSRF_COOKIE_SECURE).then(|| {
        Message::warning(
            "security.W016",
            "CSRF_COOKIE_SECURE is off, so the CSRF cookie is sent over plain HTTP too",
            "set it to true",
        )
    })
}

/// Django has three ids for each; with its sessions installed as usual it gives these two.
fn session_cookie(subject: &Subject<'_>) -> Vec<Message> {
    let mut messages = Vec::new();
    if !subject.has_sessions() {
        return messages;
    }
    if !subject.settings.SESSION_COOKIE_SECURE {
        messages.push(Message::warning(
            "security.W012",
            "SESSION_COOKIE_SECURE is off, so the session cookie also travels over plain HTTP, where it can be stolen",
            "set it to true",
        ));
    }
    if !subject.settings.SESSION_COOKIE_HTTPONLY {
        messages.push(Message::warning(
            "security.W015",
            "SESSION_COOKIE_HTTPONLY is off, so an injected script can steal the session cookie",
            "set it to true",
        ));
    }
    messages
}

fn keys(settings: &Settings) -> Vec<Message> {
    let mut messages = Vec::new();
    if let Some(weakness) = weakness(&settings.SECRET_KEY) {
        messages.push(Message::warning(
            "security.W009",
            format_args!("SECRET_KEY {weakness}, and whoever guesses it can forge sessions"),
            "set the environment variable SECRET_KEY to 50 random characters or more; `openssl rand -base64 48` makes \
             them",
        ));
    }
    for (index, key) in settings.SECRET_KEY_FALLBACKS.iter().enumerate() {
        if let Some(weakness) = weakness(key) {
            messages.push(Message::warning(
                "security.W025",
                format_args!(
                    "SECRET_KEY_FALLBACKS[{index}] {weakness}, and whoever guesses it can forge sessions"
                ),
                "remove it; what it signed is refused then",
            ));
        }
    }
    messages
}

fn weakness(key: &SecretKey) -> Option<String> {
    let text = String::from_utf8_lossy(key.as_bytes());
    if text.is_empty() {
        return Some("is empty".to_owned());
    }
    if text.starts_with(DEVELOPMENT_PREFIX) || text.starts_with("django-insecure-") {
        return Some("was made for development".to_owned());
    }
    if text.chars().count() < KEY_LENGTH {
        return Some(format!("has less than {KEY_LENGTH} characters"));
    }
    let different: BTreeSet<char> = text.chars().collect();
    (different.len() < KEY_DIFFERENT).then(|| format!("has less than {KEY_DIFFERENT} different characters"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use nuages_middleware::Description;

    fn good() -> Settings {
        Settings {
            SECRET_KEY: "0123456789".repeat(5).into(),
            ALLOWED_HOSTS: vec!["example.com".to_owned()],
            SECURE_HSTS_SECONDS: 3600,
            SECURE_HSTS_INCLUDE_SUBDOMAINS: true,
            SECURE_HSTS_PRELOAD: true,
            SECURE_SSL_REDIRECT: true,
            SESSION_COOKIE_SECURE: true,
            CSRF_COOKIE_SECURE: true,
            ..Settings::default()
        }
    }

    fn ids(settings: &Settings, layers: &[&'static str]) -> Vec<&'static str> {
        let provided = |name| if name == "SessionMiddleware" { vec!["sessions"] } else { Vec::new() };
        let middleware: Vec<Description> = layers
            .iter()
            .map(|name| Description { name, provides: provided(*name), requires: Vec::new() })
            .collect();
        check(&Subject { settings, middleware: &middleware }).iter().map(|message| message.id).collect()
    }

    const ALL: [&str; 4] = [SECURITY, "SessionMiddleware", CSRF, FRAME_OPTIONS];

    #[test]
    fn every_condition_alone() {
        type Change = fn(&mut Settings);
        let table: &[(Change, &[&str])] = &[
            (|_| {}, &[]),
            (|s| s.SECURE_HSTS_SECONDS = 0, &["security.W004"]),
            (|s| s.SECURE_HSTS_INCLUDE_SUBDOMAINS = false, &["security.W005"]),
            (|s| s.SECURE_CONTENT_TYPE_NOSNIFF = false, &["security.W006"]),
            (|s| s.SECURE_SSL_REDIRECT = false, &["security.W008"]),
            (|s| s.SECRET_KEY = "".into(), &["security.W009"]),
            (|s| s.SECRET_KEY = "0123456789".repeat(5).get(1..).unwrap().into(), &["security.W009"]),
            (|s| s.SECRET_KEY = "0123".repeat(20).into(), &["security.W009"]),
            (|s| s.SECRET_KEY = "01234".repeat(10).into(), &[]),
            (|s| s.SECRET_KEY = format!("django-insecure-{}", "01234".repeat(10)).into(), &["security.W009"]),
            (|s| s.SECRET_KEY = format!("nuages-insecure-{}", "01234".repeat(10)).into(), &["security.W009"]),
            (|s| s.SESSION_COOKIE_SECURE = false, &["security.W012"]),
            (|s| s.SESSION_COOKIE_HTTPONLY = false, &["security.W015"]),
            (|s| s.CSRF_COOKIE_SECURE = false, &["security.W016"]),
            (|s| (s.CSRF_COOKIE_SECURE, s.CSRF_USE_SESSIONS) = (false, true), &[]),
            (|s| s.DEBUG = true, &["security.W018"]),
            (|s| s.X_FRAME_OPTIONS = "SAMEORIGIN".to_owned(), &["security.W019"]),
            (|s| s.ALLOWED_HOSTS.clear(), &["security.W020"]),
            (|s| s.SECURE_HSTS_PRELOAD = false, &["security.W021"]),
            (|s| s.SECURE_REFERRER_POLICY = None, &["security.W022"]),
            (|s| s.SECURE_REFERRER_POLICY = Some("origin, same-orign".to_owned()), &["security.E023"]),
            (|s| s.SECURE_REFERRER_POLICY = Some("no-referrer, strict-origin".to_owned()), &[]),
            (|s| s.SECURE_REFERRER_POLICY = Some(String::new()), &["security.E023"]),
            (|s| s.SECURE_CROSS_ORIGIN_OPENER_POLICY = Some("none".to_owned()), &["security.E024"]),
            (|s| s.SECURE_CROSS_ORIGIN_OPENER_POLICY = None, &[]),
            (
                |s| s.SECRET_KEY_FALLBACKS = vec!["short".into(), "0123456789".repeat(5).into(), "".into()],
                &["security.W025", "security.W025"],
            ),
        ];
        for (case, (change, expected)) in table.iter().enumerate() {
            let mut settings = good();
            change(&mut settings);
            assert_eq!(&ids(&settings, &ALL), expected, "case {case}");
        }
    }

    #[test]
    fn what_middleware_reads_matters_with_it_only() {
        let insecure = Settings {
            SECURE_HSTS_SECONDS: 0,
            SECURE_REFERRER_POLICY: Some("nobody".to_owned()),
            SESSION_COOKIE_SECURE: false,
            CSRF_COOKIE_SECURE: false,
            X_FRAME_OPTIONS: "SAMEORIGIN".to_owned(),
            ..good()
        };
        assert_eq!(ids(&insecure, &[]), ["security.W001", "security.W002", "security.W003"]);
    }
}
