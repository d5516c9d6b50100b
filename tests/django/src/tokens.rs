//! Signed values that travel outside of cookies: `django.core.signing`'s dumps and loads.

use nuages::prelude::*;
use nuages::signing::{Compress, SigningError, TimestampSigner};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::SALT;

#[derive(Deserialize)]
pub(crate) struct Plain {
    /// JSON text.
    value: String,
    compress: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Signed {
    token: String,
    max_age: Option<i64>,
}

pub(crate) async fn dumps(request: HttpRequest) -> Result {
    let plain: Plain = request.form().await?;
    let compress = if plain.compress.as_deref() == Some("1") { Compress::IfShorter } else { Compress::No };
    let value: Value = serde_json::from_str(&plain.value)?;
    let token = signer(&request).sign_object(&value, compress)?;
    HttpResponse::json(&json!({"token": token}))
}

pub(crate) async fn loads(request: HttpRequest) -> Result {
    let signed: Signed = request.form().await?;
    let loaded = signer(&request).unsign_object::<Value>(&signed.token, signed.max_age.map(Into::into));
    HttpResponse::json(&match loaded {
        Ok(value) => json!({"value": value}),
        Err(SigningError::SignatureExpired(_)) => json!({"error": "expired"}),
        Err(error) if error.is_bad_signature() => json!({"error": "bad"}),
        Err(error) => return Err(error.into()),
    })
}

fn signer(request: &HttpRequest) -> TimestampSigner {
    TimestampSigner::new(request.settings().secret_keys()).salt(SALT)
}
