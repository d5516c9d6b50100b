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
    let headers: Vec<(String, String)> = response
        .headers()
        .keys()
        .filter_map(|name| Some((title_case(name.as_str()), response.header(name.as_str())?.into_owned())))
        .collect();
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

/// `content-type` as `Content-Type`: HTTP does not care, Django keeps what the view wrote.
fn title_case(name: &str) -> String {
    let words = name.split('-').map(|word| {
        let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        first.to_ascii_uppercase() + rest
    });
    words.collect::<Vec<_>>().join("-")
}
