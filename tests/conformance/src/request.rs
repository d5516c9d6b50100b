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
    let post = request.POST().await.map_err(Exception::from);
    // A form that is no multipart/form-data has no files.
    let files = post.as_ref().map_err(|Exception(name)| Exception(name)).and_then(|_| answer::<[(); 0]>(&[]));
    let (post, files) = (Outcome::from(post.and_then(lists)), files.into());
    let body = match before {
        Some(body) => body,
        None => describe_body(&request).await,
    };
    HttpResponse::json(&Report {
        rest,
        GET: get.into(),
        POST: post,
        FILES: files,
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
    let digest: String = Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect();
    answer(&json!({"len": body.len(), "sha256": digest}))
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
