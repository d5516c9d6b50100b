//! An extractor of axum's that looks into the session of the site around it.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use nuages::prelude::*;

const NAME: Key<String> = Key::new("name");

/// The name that the visitor has given.
pub(crate) async fn name(request: &HttpRequest) -> Result<Option<String>> {
    Ok(request.session().await?.get(NAME)?)
}

pub(crate) async fn set_name(request: &HttpRequest, name: &str) -> Result<()> {
    Ok(request.session().await?.set(NAME, name.to_owned())?)
}

// ANCHOR: visitor
/// Who asks. A mounted service finds the whole request of nuages among the extensions of its own.
pub(crate) struct Visitor(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, StatusCode> {
        let request = parts.extensions.get::<HttpRequest>().ok_or(StatusCode::INTERNAL_SERVER_ERROR)?;
        let name = name(request).await.map_err(|error| error.status())?;
        name.map(Visitor).ok_or(StatusCode::UNAUTHORIZED)
    }
}
// ANCHOR_END: visitor
