//! Passwords: what Django has recorded, and what must not happen.

use nuages_contrib::auth::hashers::{
    Argon2PasswordHasher, BCryptPasswordHasher, HasherErrorKind, PBKDF2PasswordHasher, PasswordHasher,
    PasswordHashers, ScryptPasswordHasher, check_password, install_hashers, is_password_usable,
    make_password, make_password_with, make_unusable_password, verify_password,
};
use nuages_http::{Settings, Site};
use serde_json::Value;

fn all() -> PasswordHashers {
    PasswordHashers::from_settings(&Settings {
        PASSWORD_HASHERS: [
            "pbkdf2_sha256",
            "pbkdf2_sha1",
            "argon2",
            "bcrypt_sha256",
            "bcrypt",
            "scrypt",
            "md5",
        ]
        .map(str::to_owned)
        .into(),
        ..Settings::default()
    })
    .unwrap()
}

#[test]
fn hashes_that_django_has_recorded() {
    let recorded: Value = serde_json::from_str(include_str!("../vectors/passwords.json")).unwrap();
    let hashers = all();
    for case in recorded["hashes"].as_array().unwrap() {
        let text = |name: &str| case[name].as_str();
        let number = |name: &str| u32::try_from(case[name].as_u64().unwrap()).unwrap();
        let (password, encoded) = (text("password").unwrap(), text("encoded").unwrap());
        let hasher = hashers.identify(encoded).unwrap();
        assert_eq!(Some(hasher.algorithm()), text("hasher"));
        assert!(hasher.verify(password, encoded).unwrap(), "{case}");
        let Some(salt) = text("salt") else {
            // Made with the costs of today.
            assert!(!hasher.must_update(encoded).unwrap(), "{case}");
            assert!(!hasher.verify("wrong", encoded).unwrap(), "{case}");
            continue;
        };
        let made = match hasher.algorithm() {
            "pbkdf2_sha256" => {
                PBKDF2PasswordHasher::sha256().iterations(number("iterations")).encode(password, salt)
            }
            "pbkdf2_sha1" => {
                PBKDF2PasswordHasher::sha1().iterations(number("iterations")).encode(password, salt)
            }
            "scrypt" => ScryptPasswordHasher::default()
                .work_factor(number("n"))
                .block_size(number("r"))
                .parallelism(number("p"))
                .encode(password, salt),
            other => unreachable!("{other}"),
        };
        assert_eq!(made.as_deref(), Ok(encoded));
        assert_eq!(hasher.decode(encoded).unwrap().text("salt"), Some(salt));
    }
}

#[test]
fn every_hasher_keeps_its_promises() {
    let cheap: [Box<dyn PasswordHasher>; 6] = [
        Box::new(PBKDF2PasswordHasher::sha256().iterations(3)),
        Box::new(PBKDF2PasswordHasher::sha1().iterations(3)),
        Box::new(Argon2PasswordHasher::default().memory_cost(64).time_cost(1)),
        Box::new(BCryptPasswordHasher::sha256().rounds(4)),
        Box::new(BCryptPasswordHasher::plain().rounds(4)),
        Box::new(ScryptPasswordHasher::default().work_factor(16)),
    ];
    for hasher in cheap {
        let name = hasher.algorithm();
        for password in ["", "p", "l\u{e8}tmein \u{1f980}", "a\0b", &"x".repeat(72)] {
            let encoded = hasher.encode(password, &hasher.salt()).unwrap();
            assert!(encoded.starts_with(&format!("{name}$")) && encoded.len() < 160, "{encoded}");
            assert!(hasher.verify(password, &encoded).unwrap(), "{name} {password:?}");
            assert!(
                !hasher.verify(&format!("{}y", &password.replace('x', "y")), &encoded).unwrap(),
                "{name}"
            );
            assert!(!hasher.must_update(&encoded).unwrap(), "{name}");
            assert!(all().get(name).unwrap().must_update(&encoded).unwrap(), "{name}: a lower cost");
            let decoded = hasher.decode(&encoded).unwrap();
            assert_eq!(decoded.text("algorithm"), Some(name));
            let hash = decoded.text("hash").or_else(|| decoded.text("checksum")).unwrap();
            assert!(!format!("{decoded:?}").contains(hash), "{decoded:?}");
            // Cut anywhere, it is an error or a wrong password, never a panic.
            for end in (0..encoded.len()).step_by(7) {
                let cut = encoded.get(..end).unwrap();
                assert!(!matches!(hasher.verify(password, cut), Ok(true)), "{cut}");
                let _no_panic = (hasher.must_update(cut), hasher.decode(cut).is_ok());
            }
        }
    }
}

#[test]
fn passwords_beyond_72_bytes() {
    let long = "x".repeat(100);
    let plain = BCryptPasswordHasher::plain().rounds(4);
    assert_eq!(plain.encode(&long, &plain.salt()).unwrap_err().kind(), HasherErrorKind::PasswordTooLong);
    let sha256 = BCryptPasswordHasher::sha256().rounds(4);
    let encoded = sha256.encode(&long, &sha256.salt()).unwrap();
    assert!(!sha256.verify(&"x".repeat(99), &encoded).unwrap());
}

#[test]
fn costs_beyond_all_bounds_are_errors_at_once() {
    let hashers = all();
    for encoded in [
        "pbkdf2_sha256$0$salt$hash",
        "pbkdf2_sha256$4294967295$salt$hash",
        "pbkdf2_sha256$99999999999$salt$hash",
        "pbkdf2_sha256$-1$salt$hash",
        "argon2$argon2id$v=19$m=4294967295,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2g",
        "argon2$argon2id$v=19$m=102400,t=4294967295,p=1$c2FsdHNhbHQ$aGFzaGhhc2g",
        "argon2$argon2id$v=19$m=8,t=1,p=4294967295$c2FsdHNhbHQ$aGFzaGhhc2g",
        "argon2$argon2id$v=19$m=0,t=0,p=0$c2FsdHNhbHQ$aGFzaGhhc2g",
        "argon2$argon2x$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2g",
        "bcrypt$$2b$31$abcdefghijklmnopqrstuv",
        "bcrypt$$2b$03$abcdefghijklmnopqrstuv",
        "bcrypt$$2b$12$abcdefghijklmnopqrst\u{e9}\u{e9}",
        "scrypt$1073741824$salt$8$1$x",
        "scrypt$16$salt$4294967295$4294967295$x",
        "scrypt$15$salt$8$1$x",
        "scrypt$0$salt$8$1$x",
        "scrypt$16$salt$0$0$x",
    ] {
        let hasher = hashers.identify(encoded).unwrap();
        assert!(hasher.verify("password", encoded).is_err(), "{encoded}");
    }
}

#[test]
fn no_error_quotes_what_is_secret() {
    let hashers = all();
    for encoded in
        ["hunter2", "hunter2$x", "pbkdf2_sha256$hunter2$hunter2$hunter2", "bcrypt$hunter2", "argon2$hunter2"]
    {
        let message = match hashers.identify(encoded) {
            Err(error) => format!("{error} {error:?}"),
            Ok(hasher) => {
                let error = hasher.verify("hunter2", encoded).unwrap_err();
                format!("{error} {error:?}")
            }
        };
        assert!(!message.contains("hunter2"), "{message}");
    }
}

fn site(hashers: PasswordHashers) -> std::sync::Arc<Site> {
    let site = Site::new(Settings::default()).unwrap();
    assert!(install_hashers(&site, hashers));
    site
}

#[tokio::test]
async fn from_a_view() {
    let hashers = PasswordHashers::new(PBKDF2PasswordHasher::sha256().iterations(5))
        .with(PBKDF2PasswordHasher::sha1().iterations(5));
    let site = site(hashers);
    let encoded = make_password(&site, "secret").await.unwrap();
    assert!(encoded.starts_with("pbkdf2_sha256$5$"), "{encoded}");
    assert!(check_password(&site, "secret", &encoded).await.unwrap());
    let old = make_password_with(&site, "secret", "pbkdf2_sha1").await.unwrap();
    let verified = verify_password(&site, Some("secret"), &old).await.unwrap();
    assert!(verified.is_correct && verified.must_update);
    assert!(make_password_with(&site, "secret", "md5").await.is_err());
    for (password, encoded) in
        [(Some("secret"), ""), (Some("secret"), "!"), (Some("secret"), "nope$x"), (None, &encoded)]
    {
        let verified = verify_password(&site, password, encoded).await.unwrap();
        assert!(!verified.is_correct && !verified.must_update, "{encoded}");
    }
    let unusable = make_unusable_password();
    assert_eq!(unusable.len(), 41);
    assert!(!is_password_usable(&unusable) && !check_password(&site, &unusable, &unusable).await.unwrap());
}

#[tokio::test]
async fn a_wrong_setting_is_named() {
    for names in [vec!["nonsense".to_owned()], vec![]] {
        let site = Site::new(Settings { PASSWORD_HASHERS: names, ..Settings::default() }).unwrap();
        let error = make_password(&site, "secret").await.unwrap_err();
        assert!(error.to_string().contains("PASSWORD_HASHERS"), "{error}");
    }
}
