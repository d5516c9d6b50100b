//! Requests: what a request tells about itself.

use std::collections::BTreeMap;

use nuages::Route;
use nuages::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::outcome::{Exception, Outcome, Results, answer};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        path("request/echo/<path:rest>", request_echo).view_path("views_http.request_echo"),
        path("request/absolute", request_absolute).view_path("views_http.request_absolute"),
        path("request/accepts", request_accepts).view_path("views_http.request_accepts"),
        path("request/headers", request_headers).view_path("views_http.request_headers"),
    ]
}

/// A request, described.
#[derive(Serialize)]
#[expect(non_snake_case, reason = "the names are Django's")]
struct Report<'a> {
    rest: String,
    GET: Outcome,
    POST: Outcome,
    FILES: Outcome,
    body: Outcome,
    method: &'a str,
    path: &'a str,
    path_info: &'a str,
    scheme: &'a str,
    is_secure: bool,
    port: &'a str,
    host: Outcome,
    absolute_uri: Outcome,
    full_path: &'a str,
    full_path_slash: &'a str,
    full_path_info: &'a str,
    COOKIES: BTreeMap<String, String>,
    headers: Vec<(String, String)>,
    content_type: &'a str,
    content_params: BTreeMap<&'a str, &'a str>,
    encoding: Option<&'a str>,
}

async fn request_echo(mut request: HttpRequest, rest: String) -> Result {
    if let Some(encoding) = request.headers.get("x-conform-encoding").map(String::from)
        && !encoding.is_empty()
    {
        request.set_encoding(&encoding)?;
    }
    let body_first = request.headers.get("x-conform-order").as_deref() == Some("body-first");
    let before = if body_first { Some(describe_body(&request).await) } else { None };
    let get = request.GET.check().map_err(Exception::from).and_then(lists);
    let post = request.POST().await.map_err(Exception::from).and_then(lists);
    let files = describe_files(&request).await;
    let body = match before {
        Some(body) => body,
        None => describe_body(&request).await,
    };
    HttpResponse::json(&Report {
        rest,
        GET: get.into(),
        POST: post.into(),
        FILES: files.into(),
        body: body.into(),
        method: request.method.as_str(),
        path: &request.path,
        path_info: &request.path_info,
        scheme: request.scheme,
        is_secure: request.is_secure(),
        port: &request.get_port(),
        host: request.get_host().map_err(Exception::from).and_then(|host| answer(&host)).into(),
        absolute_uri: request.absolute_uri().map_err(Exception::from).and_then(|uri| answer(&uri)).into(),
        full_path: &request.get_full_path(),
        full_path_slash: &request.get_full_path_with_slash(),
        full_path_info: &request.get_full_path_info(),
        COOKIES: request.COOKIES.iter().map(|(key, value)| (key.into_owned(), value.into_owned())).collect(),
        headers: headers(&request),
        content_type: &request.content_type,
        content_params: request.content_type.params().iter().collect(),
        encoding: request.encoding(),
    })
}

async fn describe_body(request: &HttpRequest) -> Result<Box<RawValue>, Exception> {
    let body = request.body().await?;
    answer(&json!({"len": body.len(), "sha256": hex(Sha256::digest(body))}))
}

/// An uploaded file, described.
#[derive(Serialize)]
struct Upload<'a> {
    name: &'a str,
    size: u64,
    content_type: &'a str,
    content_type_extra: BTreeMap<&'a str, String>,
    charset: Option<String>,
    sha256: String,
}

async fn describe_files(request: &HttpRequest) -> Result<Box<RawValue>, Exception> {
    let mut described = Vec::new();
    for (field, files) in request.FILES().await?.lists() {
        let mut uploads = Vec::new();
        for file in files {
            uploads.push(Upload {
                name: file.name(),
                size: file.size(),
                content_type: file.content_type(),
                content_type_extra: file.content_type_extra().iter().map(|(k, v)| (k, latin1(v))).collect(),
                charset: file.charset().map(latin1),
                sha256: digest(file).await?,
            });
        }
        described.push((field, uploads));
    }
    answer(&described)
}

async fn digest(file: &UploadedFile) -> Result<String> {
    let (mut digest, mut chunks) = (Sha256::new(), file.chunks());
    while let Some(chunk) = chunks.next().await? {
        digest.update(chunk);
    }
    Ok(hex(digest.finalize()))
}

/// Parameters are bytes in Django; the protocol writes each as one character.
fn latin1(text: &str) -> String {
    text.bytes().map(char::from).collect()
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn lists(query: &QueryDict) -> Result<Box<RawValue>, Exception> {
    answer(&query.lists().collect::<Vec<_>>())
}

fn headers(request: &HttpRequest) -> Vec<(String, String)> {
    let mut headers: Vec<_> =
        request.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.into_owned())).collect();
    headers.sort();
    headers
}

#[derive(Deserialize)]
struct Locations {
    locations: Vec<Option<String>>,
}

async fn request_absolute(request: HttpRequest) -> Result {
    let wanted: Locations = request.json().await?;
    let results = wanted
        .locations
        .iter()
        .map(|location| {
            let uri = match location {
                Some(location) => request.build_absolute_uri(location),
                None => request.absolute_uri(),
            };
            uri.map_err(Exception::from).and_then(|uri| answer(&uri)).into()
        })
        .collect();
    HttpResponse::json(&Results { results })
}

#[derive(Deserialize)]
struct Types {
    #[serde(default)]
    types: Vec<String>,
}

async fn request_accepts(request: HttpRequest) -> Result {
    let Types { types } = request.json().await?;
    let types: Vec<&str> = types.iter().map(String::as_str).collect();
    let accepted: Vec<String> = request.accepted_types()?.iter().map(ToString::to_string).collect();
    let accepts: Vec<bool> = types.iter().map(|wanted| request.accepts(wanted)).collect::<Result<_, _>>()?;
    HttpResponse::json(&json!({
        "accepted_types": accepted,
        "accepts": accepts,
        "preferred": request.get_preferred_type(&types)?,
    }))
}

#[derive(Deserialize)]
struct Names {
    names: Vec<String>,
}

async fn request_headers(request: HttpRequest) -> Result {
    let Names { names } = request.json().await?;
    let results: Vec<_> = names.iter().map(|name| request.headers.get(name)).collect();
    HttpResponse::json(&json!({"results": results}))
}
