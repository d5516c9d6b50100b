//! Responses: every class, built from the arguments of Django's constructors.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use nuages::encoding::Encoding;
use nuages::prelude::*;
use nuages::signing::json::Style;
use nuages::{BodyError, Route};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::cookies::Cookie;
use crate::given::given;
use crate::inspect::describe;
use crate::outcome::{Exception, Outcome, answer};
use crate::times::Time;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        path("response", response).view_path("views_http.response"),
        path("response/inspect", response_inspect).view_path("views_http.response_inspect"),
        path("raise/<name>", raise_error).view_path("views_http.raise_error"),
    ]
}

/// The arguments of a constructor, and what is done to the response afterwards.
#[derive(Deserialize)]
struct Construction {
    class: Option<String>,
    content_type: Option<String>,
    status: Option<i64>,
    reason: Option<String>,
    charset: Option<String>,
    #[serde(default)]
    headers: Map<String, Value>,
    content: Option<String>,
    content_b64: Option<String>,
    #[serde(default)]
    name: String,
    #[serde(default)]
    offset: usize,
    #[serde(default)]
    as_attachment: bool,
    #[serde(default)]
    filename: String,
    to: Option<String>,
    #[serde(default)]
    preserve_request: bool,
    #[serde(default)]
    methods: Vec<String>,
    #[serde(default, deserialize_with = "given")]
    data: Option<Box<RawValue>>,
    safe: Option<bool>,
    #[serde(default)]
    json_dumps_params: JsonArguments,
    #[serde(default)]
    chunks: Vec<String>,
    #[serde(default)]
    write: Vec<String>,
    #[serde(default)]
    set_headers: Vec<(String, String)>,
    #[serde(default)]
    setdefault_headers: Vec<(String, String)>,
    #[serde(default)]
    del_headers: Vec<String>,
    #[serde(default)]
    cookies: Vec<Cookie>,
    set_status: Option<u16>,
    set_reason: Option<String>,
}

/// The arguments of `json.dumps`.
#[derive(Default, Deserialize)]
struct JsonArguments {
    indent: Option<usize>,
    ensure_ascii: Option<bool>,
    #[serde(default)]
    sort_keys: bool,
    separators: Option<(String, String)>,
}

async fn response(request: HttpRequest) -> Result {
    let construction: Construction = request.json().await?;
    match construction.build() {
        Ok(response) => Ok(response),
        Err(Exception(name)) => HttpResponse::json(&json!({"error": name})),
    }
}

/// Names of headers to ask the response for.
#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    has: Vec<String>,
    #[serde(default)]
    get: Vec<String>,
}

/// The same construction, described instead of sent.
async fn response_inspect(request: HttpRequest) -> Result {
    let construction: Construction = request.json().await?;
    let asked: Asked = request.json().await?;
    let description = match construction.build() {
        Ok(response) => Ok(describe(&request, response, &asked.has, &asked.get).await?),
        Err(error) => Err(error),
    };
    HttpResponse::json(&Outcome::from(description))
}

impl Construction {
    fn build(mut self) -> Result<HttpResponse, Exception> {
        let response = self.of_class()?;
        let mut response = self.with_arguments(response)?;
        self.fill(&mut response)?;
        self.change(&mut response)?;
        Ok(response)
    }

    fn of_class(&self) -> Result<HttpResponse, Exception> {
        Ok(match self.class.as_deref().unwrap_or("HttpResponse") {
            "HttpResponse" => HttpResponse::new(""),
            "Redirect" => self.redirect(Redirect::to(self.to()?))?,
            "PermanentRedirect" => self.redirect(Redirect::to(self.to()?).permanent())?,
            // Its constructor takes no content.
            "NotModified" if self.content.as_deref().is_some_and(|content| !content.is_empty()) => {
                return Err(Exception("AttributeError"));
            }
            "NotModified" => HttpResponse::not_modified(),
            "BadRequest" => HttpResponse::bad_request(""),
            "NotFound" => HttpResponse::not_found(""),
            "Forbidden" => HttpResponse::forbidden(""),
            "NotAllowed" => HttpResponse::not_allowed(&self.methods),
            "Gone" => HttpResponse::gone(""),
            "ServerError" => HttpResponse::server_error(""),
            "Json" => {
                let data = self.json_data()?;
                let json = JsonResponse::new(&data).safe(self.safe.unwrap_or(true));
                json.style(self.json_dumps_params.style()).into_response()?
            }
            "Streaming" => HttpResponse::streaming(Body::empty()),
            "File" => {
                let rest: Vec<u8> = self.bytes()?.into_iter().skip(self.offset).collect();
                let file = FileResponse::of_bytes(rest).filename(&self.name).filename(&self.filename);
                let file = if self.as_attachment { file.as_attachment() } else { file };
                file.into_response()?
            }
            _ => return Err(Exception("KeyError")),
        })
    }

    /// The data; a time or a duration as the text that JSON has for it.
    fn json_data(&self) -> Result<Box<RawValue>, Exception> {
        let data = self.data.as_ref().ok_or(Exception("KeyError"))?;
        match serde_json::from_str::<Time>(data.get()).ok().and_then(|time| time.json_text()) {
            Some(text) => answer(&text),
            None => Ok(data.clone()),
        }
    }

    /// The content, as bytes.
    fn bytes(&self) -> Result<Vec<u8>, Exception> {
        match &self.content_b64 {
            Some(bytes) => STANDARD.decode(bytes).map_err(|_| Exception("DecodeError")),
            None => Ok(self.content.clone().unwrap_or_default().into_bytes()),
        }
    }

    fn is_class(&self, name: &str) -> bool {
        self.class.as_deref() == Some(name)
    }

    fn to(&self) -> Result<&str, Exception> {
        self.to.as_deref().ok_or(Exception("KeyError"))
    }

    fn redirect(&self, redirect: Redirect<'_>) -> Result<HttpResponse, Exception> {
        let redirect = if self.preserve_request { redirect.preserve_request() } else { redirect };
        Ok(redirect.into_response()?)
    }

    /// What every constructor takes.
    fn with_arguments(&self, mut response: HttpResponse) -> Result<HttpResponse, Exception> {
        if let Some(charset) = &self.charset {
            response = response.with_charset(charset)?;
        }
        if !self.headers.is_empty() {
            // In Django they come before the type, which is only added to them.
            let default = response.header("Content-Type").map(Cow::into_owned);
            response.remove_header("Content-Type");
            for (name, value) in &self.headers {
                response.set_header(name, value.as_str().ok_or(Exception("TypeError"))?)?;
            }
            if let Some(default) = default {
                response.setdefault_header("Content-Type", &default)?;
            }
        }
        let typed = self.headers.keys().any(|name| name.eq_ignore_ascii_case("content-type"));
        // JsonResponse always gives a type; two of them are refused.
        let content_type = self.content_type.as_deref();
        if typed && (content_type.is_some_and(|given| !given.is_empty()) || self.is_class("Json")) {
            return Err(Exception("ValueError"));
        }
        if let Some(content_type) = content_type.filter(|_| !typed) {
            response = response.with_content_type(content_type)?;
        }
        if let Some(status) = self.status.filter(|_| !self.preserve_request) {
            response.set_status_code(status)?;
        }
        if let Some(reason) = &self.reason {
            response.set_reason(reason.clone());
        }
        Ok(response)
    }

    /// Content is encoded in the charset that the arguments chose.
    fn fill(&mut self, response: &mut HttpResponse) -> Result<(), Exception> {
        match self.class.as_deref() {
            Some("Redirect" | "PermanentRedirect" | "Json" | "File") => {}
            Some("NotModified") => drop(response.remove_header("content-type")),
            Some("Streaming") => {
                let encoding = Encoding::new(response.charset());
                let chunks = std::mem::take(&mut self.chunks).into_iter();
                let chunks = chunks.map(move |chunk| match encoding.encode(&chunk) {
                    Ok(bytes) => Ok(bytes.into_owned().into()),
                    Err(error) => Err(BodyError::from(error)),
                });
                response.set_body(Body::from_chunks(chunks));
            }
            _ => match &self.content_b64 {
                Some(_) => drop(response.write_bytes(&self.bytes()?)?),
                None => drop(response.write(self.content.as_deref().unwrap_or(""))?),
            },
        }
        Ok(())
    }

    fn change(self, response: &mut HttpResponse) -> Result<(), Exception> {
        for text in &self.write {
            response.write(text)?;
        }
        for (name, value) in &self.set_headers {
            response.set_header(name, value)?;
        }
        for (name, value) in &self.setdefault_headers {
            response.setdefault_header(name, value)?;
        }
        for name in &self.del_headers {
            response.remove_header(name);
        }
        for cookie in self.cookies {
            cookie.set_on(response)?;
        }
        if let Some(status) = self.set_status {
            response.set_status(StatusCode::from_u16(status).map_err(|_| Exception("ValueError"))?);
        }
        if let Some(reason) = self.set_reason {
            response.set_reason(reason);
        }
        Ok(())
    }
}

impl JsonArguments {
    fn style(&self) -> Style {
        let mut style =
            Style::default().sort_keys(self.sort_keys).ensure_ascii(self.ensure_ascii.unwrap_or(true));
        if let Some(blanks) = self.indent {
            style = style.indent(blanks);
        }
        if let Some((item, key)) = &self.separators {
            style = style.separators(item, key);
        }
        style
    }
}

async fn raise_error(_: HttpRequest, name: String) -> Result {
    Err(match name.as_str() {
        "404" => Error::new(ErrorKind::NotFound, "missing"),
        "403" => Error::new(ErrorKind::PermissionDenied, "no"),
        "400" => Error::new(ErrorKind::BadRequest, "bad"),
        "suspicious" => Error::new(ErrorKind::Suspicious, "odd"),
        _ => Error::from("boom"),
    })
}
