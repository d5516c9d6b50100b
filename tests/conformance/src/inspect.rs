//! A response, described instead of sent.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http_body_util::BodyExt;
use nuages::prelude::*;
use serde_json::{Value, json};

/// Everything that a response tells about itself, and whether it has, and what it has for, these headers.
pub(crate) async fn describe(
    request: &HttpRequest,
    mut response: HttpResponse,
    has: &[String],
    get: &[String],
) -> Result<Value> {
    let mut cookies = Vec::new();
    response.cookies().write(request.site().cookie_signer(), |line| cookies.push(line))?;
    let headers: Vec<_> =
        response.items().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    let (streaming, content) = (response.is_streaming(), response.take_body().collect().await?.to_bytes());
    Ok(json!({
        "status": response.status().as_u16(),
        "reason": response.reason(),
        "charset": response.charset(),
        "headers": headers,
        "cookies": cookies,
        "content_b64": STANDARD.encode(content),
        "streaming": streaming,
        "has": has.iter().map(|name| response.has_header(name)).collect::<Vec<_>>(),
        "get": get.iter().map(|name| response.header(name).unwrap_or("absent".into())).collect::<Vec<_>>(),
        "url": response.url(),
    }))
}
