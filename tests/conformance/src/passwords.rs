//! Passwords: `django.contrib.auth.hashers`.

use nuages::Route;
use nuages::contrib::auth::hashers::{
    DecodedValue, HasherError, HasherErrorKind, PBKDF2PasswordHasher, PasswordHasher, PasswordHashers,
    ScryptPasswordHasher, is_password_usable, make_password_with, make_unusable_password, verify_password,
};
use nuages::prelude::*;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::outcome::{Exception, Outcome, answer};

pub(crate) fn routes() -> Vec<Route> {
    vec![path("passwords", passwords).view_path("views.passwords")]
}

#[derive(Deserialize)]
struct Operation {
    op: String,
    password: Option<String>,
    salt: Option<String>,
    hasher: Option<String>,
    encoded: Option<String>,
    iterations: Option<u32>,
    n: Option<u32>,
    r: Option<u32>,
    p: Option<u32>,
}

async fn passwords(request: HttpRequest) -> Result {
    let operation: Operation = request.json().await?;
    HttpResponse::json(&Outcome::from(operation.run(&request).await))
}

impl Operation {
    async fn run(&self, request: &HttpRequest) -> Result<Box<RawValue>, Exception> {
        let site = request.site();
        let hashers = PasswordHashers::from_settings(site.settings())?;
        let encoded = self.encoded.as_deref().unwrap_or_default();
        let hasher = || hashers.get(self.hasher.as_deref().unwrap_or("default"));
        match self.op.as_str() {
            "make" => match (&self.password, &self.salt) {
                (None, _) => answer(&make_unusable_password()),
                (Some(password), Some(salt)) => answer(&hasher()?.encode(password, salt)?),
                (Some(password), None) => {
                    let algorithm = hasher()?.algorithm();
                    let made = make_password_with(site, password, algorithm).await;
                    answer(&made.map_err(|error| Exception::of(&error))?)
                }
            },
            "encode" => answer(&self.encode(hasher()?)?),
            "check" => {
                let verified = verify_password(site, self.password.as_deref(), encoded).await;
                answer(&verified.map_err(|error| Exception::of(&error))?.is_correct)
            }
            "identify" => answer(hashers.identify(encoded)?.algorithm()),
            "is_usable" => answer(&self.encoded.as_deref().is_none_or(is_password_usable)),
            "must_update" => answer(&hashers.identify(encoded)?.must_update(encoded)?),
            "decode" => {
                let decoded = hashers.identify(encoded)?.decode(encoded)?;
                let parts = decoded.iter().map(|(name, value)| match value {
                    DecodedValue::Text(text) => (name.to_owned(), Value::from(text.as_str())),
                    DecodedValue::Number(number) => (name.to_owned(), Value::from(*number)),
                });
                answer(&parts.collect::<Map<_, _>>())
            }
            _ => Err(Exception("ValueError")),
        }
    }

    /// With a cost of its own, if the operation names one.
    fn encode(&self, hasher: &dyn PasswordHasher) -> Result<String, HasherError> {
        let (password, salt) =
            (self.password.as_deref().unwrap_or_default(), self.salt.as_deref().unwrap_or_default());
        match (hasher.algorithm(), self.iterations) {
            ("pbkdf2_sha256", Some(iterations)) => {
                PBKDF2PasswordHasher::sha256().iterations(iterations).encode(password, salt)
            }
            ("pbkdf2_sha1", Some(iterations)) => {
                PBKDF2PasswordHasher::sha1().iterations(iterations).encode(password, salt)
            }
            ("scrypt", None) => {
                let mut scrypt = ScryptPasswordHasher::default();
                scrypt = self.n.map_or(scrypt, |n| scrypt.work_factor(n));
                scrypt = self.r.map_or(scrypt, |r| scrypt.block_size(r));
                scrypt = self.p.map_or(scrypt, |p| scrypt.parallelism(p));
                scrypt.encode(password, salt)
            }
            (_, None) => hasher.encode(password, salt),
            (_, Some(_)) => Err(HasherError::new(HasherErrorKind::BadCost, "it has no iterations")),
        }
    }
}
