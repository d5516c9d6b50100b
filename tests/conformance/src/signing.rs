//! Signing: `Signer`, `TimestampSigner`, `dumps` and `loads`.

use nuages::Route;
use nuages::prelude::*;
use nuages::signing::{
    Algorithm, BadSignature, Clock, Compress, DUMPS_SALT, MaxAge, SecretKey, SecretKeys, Signer,
    TimestampSigner,
};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::given::given;
use crate::outcome::{Exception, Outcome, answer};
use crate::scalar::Scalar;
use crate::times::Time;

pub(crate) fn routes() -> Vec<Route> {
    vec![path("signing", signing_view).view_path("views.signing_view")]
}

#[derive(Deserialize)]
struct Operation {
    op: String,
    value: Box<RawValue>,
    key: Option<String>,
    #[serde(default, deserialize_with = "given")]
    salt: Option<Option<String>>,
    sep: Option<String>,
    algorithm: Option<String>,
    fallback_keys: Option<Vec<String>>,
    #[serde(default)]
    compress: bool,
    max_age: Option<Time>,
    at: Option<f64>,
}

async fn signing_view(request: HttpRequest) -> Result {
    let operation: Operation = request.json().await?;
    HttpResponse::json(&Outcome::from(operation.run(&request)))
}

impl Operation {
    fn run(self, request: &HttpRequest) -> Result<Box<RawValue>, Exception> {
        let max_age = self.max_age.clone().map_or(Ok(None), Time::max_age)?;
        let compress = if self.compress { Compress::IfShorter } else { Compress::No };
        match self.op.as_str() {
            "sign" => answer(&self.signer(request)?.sign(&self.text()?)),
            "sign_object" => answer(&self.signer(request)?.sign_object(&self.value, compress)?),
            "timestamp_sign" => answer(&self.timestamp_signer(request)?.sign(&self.text()?)),
            "dumps" => answer(&self.dumps_signer(request)?.sign_object(&self.value, compress)?),
            "unsign" | "unsign_object" | "timestamp_unsign" | "loads" => {
                self.unsign(request, &self.signed()?, max_age)
            }
            _ => Err(Exception("ValueError")),
        }
    }

    fn unsign(
        &self,
        request: &HttpRequest,
        signed: &str,
        max_age: Option<MaxAge>,
    ) -> Result<Box<RawValue>, Exception> {
        match self.op.as_str() {
            "unsign" => answer(self.signer(request)?.unsign(signed)?),
            "unsign_object" => Ok(self.signer(request)?.unsign_object(signed)?),
            "timestamp_unsign" => answer(self.timestamp_signer(request)?.unsign(signed, max_age)?),
            _ => Ok(self.dumps_signer(request)?.unsign_object(signed, max_age)?),
        }
    }

    /// What was signed. Django asks what the algorithm is only after it has found the separator.
    fn signed(&self) -> Result<String, Exception> {
        let (text, separator) = (self.text()?, self.sep.as_deref().unwrap_or(":"));
        match Signer::new("").sep(separator)?.unsign(&text) {
            Err(BadSignature::NoSeparator) => Err(Exception("BadSignature")),
            _ => Ok(text),
        }
    }

    /// What to sign, as text.
    fn text(&self) -> Result<String, Exception> {
        let value: Scalar = serde_json::from_str(self.value.get()).map_err(|_| Exception("TypeError"))?;
        Ok(value.to_string())
    }

    /// The keys of the settings, or those that were given. An empty one counts as none, as in Django.
    fn keys(&self, request: &HttpRequest) -> SecretKeys {
        let settings = request.settings();
        let key = match self.key.as_deref() {
            None | Some("") => settings.SECRET_KEY.clone(),
            Some(key) => SecretKey::from(key),
        };
        match &self.fallback_keys {
            Some(fallbacks) => SecretKeys::new(key).fallbacks(fallbacks),
            None => SecretKeys::new(key).fallbacks(&settings.SECRET_KEY_FALLBACKS),
        }
    }

    fn algorithm(&self) -> Result<Algorithm, Exception> {
        match self.algorithm.as_deref() {
            None | Some("") => Ok(Algorithm::default()),
            Some(name) => Ok(name.parse()?),
        }
    }

    fn signer(&self, request: &HttpRequest) -> Result<Signer, Exception> {
        let mut signer = Signer::new(self.keys(request));
        if let Some(separator) = &self.sep {
            signer = signer.sep(separator)?;
        }
        if let Some(Some(salt)) = &self.salt {
            signer = signer.salt(salt);
        }
        Ok(signer.algorithm(self.algorithm()?))
    }

    fn timestamp_signer(&self, request: &HttpRequest) -> Result<TimestampSigner, Exception> {
        let mut signer = TimestampSigner::new(self.keys(request));
        if let Some(separator) = &self.sep {
            signer = signer.sep(separator)?;
        }
        if let Some(Some(salt)) = &self.salt {
            signer = signer.salt(salt);
        }
        if let Some(at) = self.at {
            signer = signer.clock(Clock::at(at));
        }
        Ok(signer.algorithm(self.algorithm()?))
    }

    /// The signer behind `dumps` and `loads`.
    fn dumps_signer(&self, request: &HttpRequest) -> Result<TimestampSigner, Exception> {
        let signer = self.timestamp_signer(request)?;
        Ok(if self.salt.is_none() { signer.salt(DUMPS_SALT) } else { signer })
    }
}
