//! Every value on the page about wire formats, computed anew. They were written by Django 5.2.19 with the same key and time.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use nuages::cache::pickle::{self, Value};
use nuages::cache::{CacheFront, DbCache, FileCache, Serializer};
use nuages::chrono::{DateTime, Utc};
use nuages::contrib::auth::hashers::{
    Argon2PasswordHasher, BCryptPasswordHasher, PBKDF2PasswordHasher, PasswordHashers, ScryptPasswordHasher,
};
use nuages::contrib::messages::{Message, MessageMiddleware};
use nuages::db::Database;
use nuages::prelude::*;
use nuages::sessions::{SessionCodec, SessionConfig, SessionData, SessionEngine, SignedCookieStore};
use nuages::signing::{Clock, Compress, SecretKeys, Signer, TimestampSigner, dumps};
use nuages::test::{Client, settings};
use regex::Regex;

const KEY: &str = "a key for the examples of this page only";
/// 2026-01-01 00:00:00 UTC.
const NOW: f64 = 1_767_225_600.0;

fn page() -> String {
    let path =
        PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/src/reference/wire-formats.md"));
    std::fs::read_to_string(path).unwrap()
}

/// The page shows this very text.
#[track_caller]
fn shown(text: &str) {
    assert!(page().contains(text), "docs/src/reference/wire-formats.md does not show {text}");
}

fn clock() -> Clock {
    Clock::at(NOW)
}

fn data(json: &str) -> SessionData {
    SessionData::from_json(json).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_key_of_the_page() {
    shown(KEY);
    let utc: DateTime<Utc> = DateTime::from_timestamp(1_767_225_600, 0).unwrap();
    assert_eq!(utc.to_rfc3339(), "2026-01-01T00:00:00+00:00");
}

#[test]
fn signed_text() {
    let signed = Signer::new(KEY).sign("hello");
    assert_eq!(signed, "hello:cRVUOXpPiFaF5BE1tcDMjk43UODNH3jKCumZN7LKrTQ");
    shown(&signed);
    let signed = TimestampSigner::new(KEY).clock(clock()).sign("hello");
    assert_eq!(signed, "hello:1vb66i:rSNj4EQLZON2FsTFInqIafhacRTbxyq5mjSQWW0ysrE");
    shown(&signed);
    let object = serde_json::json!({"room": 7, "guest": "Ada"});
    let signer = TimestampSigner::new(KEY).salt("django.core.signing").clock(clock());
    let signed = signer.sign_object(&object, Compress::No).unwrap();
    assert_eq!(signed, "eyJyb29tIjo3LCJndWVzdCI6IkFkYSJ9:1vb66i:gFXpsP0hbv5CLotvfSCufPTllsJKfGx8KseTQ1G2NA4");
    shown(&signed);
    // The short form has the same salt.
    assert!(dumps(&object, KEY, Compress::No).unwrap().starts_with("eyJyb29tIjo3LCJndWVzdCI6IkFkYSJ9:"));
}

#[test]
fn a_row_of_a_session() {
    let codec = SessionCodec::new(KEY).clock(clock());
    let text = codec.encode(&data(r#"{"visits":3,"name":"Zoë"}"#)).unwrap();
    assert_eq!(
        text,
        "eyJ2aXNpdHMiOjMsIm5hbWUiOiJab1x1MDBlYiJ9:1vb66i:xxZTTQC6BRZDlctY9O2lypxwLXjRx_l0mJzJ9NjRS98"
    );
    shown(&text);
    let long = codec.encode(&data(&format!("{{\"text\":\"{}\"}}", "ab".repeat(600)))).unwrap();
    assert!(long.starts_with('.') && long.len() < 200, "{long}");
    // As Django compresses it.
    let django =
        ".eJyrVipJrShRslJKTBqFo3AUjsKhAZVqAXVEzJc:1vb66i:z0j0i29LimsFGRAmvsKSXEpsG8L7C64f2lHDz7TQwrc";
    assert_eq!(codec.decode(django).unwrap().get::<String>("text").unwrap(), Some("ab".repeat(600)));
    shown(django);
}

#[tokio::test]
async fn a_session_in_a_cookie() {
    let codec = SessionCodec::new(KEY).clock(clock());
    let store = SignedCookieStore::new(&codec, 1_209_600);
    let engine = SessionEngine::with_codec(store, SessionConfig::default(), codec);
    let handle = engine.session(None);
    handle.session().await.unwrap().set("visits", 3).unwrap();
    handle.save().await.unwrap();
    let key = handle.session_key().unwrap();
    assert_eq!(key.as_str(), "eyJ2aXNpdHMiOjN9:1vb66i:DqqUtoUqEwR9HmwfBCH1EHjSTiUQTNm6FvS3SwGPkkQ");
    shown(key.as_str());
}

#[test]
fn lines_that_set_cookies() {
    let mut response = HttpResponse::new("");
    response.set_cookie("note", "a \"b\"; c\nd");
    response.delete_cookie("x");
    response.set_signed_cookie("cart", 42).salt("nice").clock(clock());
    let signer = nuages::Site::new(Settings { SECRET_KEY: KEY.into(), ..settings() }).unwrap();
    let mut lines = Vec::new();
    response.cookies().write(signer.cookie_signer(), |line| lines.push(line)).unwrap();
    assert_eq!(
        lines,
        [
            r#"note="a \"b\"\073 c\012d"; Path=/"#,
            r#"x=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/"#,
            "cart=42:1vb66i:2GtwgoEBXSBLNn2ApiUKiAl2-trnUBO4L3o1WCgauEs; Path=/",
        ]
    );
    lines.iter().for_each(|line| shown(line));
}

#[tokio::test]
async fn a_csrf_token() {
    async fn form(request: HttpRequest) -> Result {
        Ok(HttpResponse::new(get_token(&request)))
    }
    let app = App::new(settings()).middleware(CsrfViewMiddleware::new()).urls(urlconf([path("", form)]));
    let mut browser = Client::new(app.build().unwrap()).enforce_csrf_checks();
    let secret = "abcdefghijklmnopqrstuvwxyz012345";
    let token = "0123456789abcdefghijklmnopqrstuv02468acegikmoqsuwyACEGIKMOgikmoq";
    shown(secret);
    shown(token);
    browser.jar_mut().insert("testserver", "csrftoken", secret);
    browser.post("/").form(&[("csrfmiddlewaretoken", token)]).await.assert_status(200);
    // The secret itself is as good as a token, and one letter more or less is none.
    browser.post("/").form(&[("csrfmiddlewaretoken", secret)]).await.assert_status(200);
    let other = token.replace("gikmoq", "gikmor");
    browser.post("/").form(&[("csrfmiddlewaretoken", &*other)]).await.assert_status(403);
    assert_eq!(browser.get("/").await.text().len(), 64);
}

#[tokio::test]
async fn messages_in_a_cookie() {
    async fn show(request: HttpRequest) -> Result {
        let found = request.messages()?.read().await?;
        let texts: Vec<String> = found.into_iter().map(|message| format!("{message:?}")).collect();
        Ok(HttpResponse::new(texts.join(" ")))
    }
    let cookie =
        "W1siX19qc29uX21lc3NhZ2UiLDAsMjUsIlNhdmVkLiJdXQ:1vb66i:BbptgYUr3OsGs1BQSk-Ns9jfnxby8jenzfAuzyEWMvs";
    shown(cookie);
    let json = br#"[["__json_message",0,25,"Saved."]]"#;
    shown(std::str::from_utf8(json).unwrap());
    let signer = TimestampSigner::new(SecretKeys::from(KEY).prefixed(b"django.http.cookies"))
        .salt("django.contrib.messages")
        .clock(clock());
    assert_eq!(signer.sign_bytes(json, Compress::IfShorter), cookie);

    let settings = Settings { SECRET_KEY: KEY.into(), MESSAGE_STORAGE: "cookie".into(), ..settings() };
    let app = App::new(settings).middleware(MessageMiddleware::new()).urls(urlconf([path("", show)]));
    let mut browser = Client::new(app.build().unwrap());
    browser.jar_mut().insert("testserver", "messages", cookie);
    let shown = browser.get("/").await.text().into_owned();
    assert!(shown.contains("Saved.") && !shown.contains("__json_message"), "{shown}");
    assert_eq!(Message::new(25, "Saved.").level().number(), 25);
}

#[tokio::test]
async fn entries_of_caches() {
    let bytes = pickle::to_bytes("rain").unwrap();
    assert_eq!(hex(&bytes), "80059508000000000000008c047261696e942e");
    shown(&hex(&bytes));
    assert_eq!(Serializer::Json.dumps("rain").unwrap(), "\"rain\"");
    let dictionary =
        Value::from_bytes(&pickle::to_bytes(&serde_json::json!({"visits": 3})).unwrap()).unwrap();
    assert_eq!(hex(&dictionary.to_bytes().unwrap()), "8005950f000000000000007d948c06766973697473944b03732e");
    shown("8005950f000000000000007d948c06766973697473944b03732e");

    let folder = tempfile::tempdir().unwrap();
    let (name, file) = (
        "4f1f1742ff72948ec40d2aeb611bf852.djcache",
        "8005950a000000000000004741ee90cae00000002e789c6b609dcac100013d2c4589997953f40021a3041f",
    );
    shown(name);
    shown(file);
    let pairs: Vec<u8> =
        (0..file.len()).step_by(2).map(|at| u8::from_str_radix(&file[at..at + 2], 16).unwrap()).collect();
    std::fs::write(folder.path().join(name), pairs).unwrap();
    let cache = FileCache::new(folder.path()).unwrap().serializer(Serializer::Pickle);
    let front = CacheFront::new(cache).with_serializer(Serializer::Pickle);
    assert_eq!(front.get::<String>("weather").await.unwrap().as_deref(), Some("rain"));

    let database = Database::connect("sqlite:///:memory:").unwrap();
    let table = database.cache("my_cache_table").unwrap();
    table.create().await.unwrap();
    let front = CacheFront::new(DbCache::new(table.clone()).serializer(Serializer::Pickle));
    let front = front.with_serializer(Serializer::Pickle);
    front.set("weather", "rain", 60).await.unwrap();
    let row = table.load(":1:weather", Utc::now()).await.unwrap().unwrap();
    assert_eq!(row.value, "gAWVCAAAAAAAAACMBHJhaW6ULg==");
    assert_eq!(STANDARD.decode(&row.value).unwrap(), bytes);
    shown(&row.value);
    database.close().await.unwrap();
}

#[test]
fn stored_passwords() {
    let hashers = PasswordHashers::new(PBKDF2PasswordHasher::sha256())
        .with(Argon2PasswordHasher::default())
        .with(BCryptPasswordHasher::sha256())
        .with(ScryptPasswordHasher::default());
    let pattern = Regex::new(r"(?m)^((?:pbkdf2_sha256|scrypt|argon2|bcrypt_sha256)\$\S+)$").unwrap();
    let text = page();
    let encoded: Vec<&str> = pattern.find_iter(&text).map(|found| found.as_str()).collect();
    assert_eq!(encoded.len(), 4, "{encoded:?}");
    for encoded in encoded {
        assert!(hashers.verify(Some("correct horse"), encoded).unwrap().is_correct, "{encoded}");
        assert!(!hashers.verify(Some("wrong horse"), encoded).unwrap().is_correct, "{encoded}");
    }
}
