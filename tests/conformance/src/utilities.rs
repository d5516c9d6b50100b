//! The pure functions of the HTTP layer (`django.utils.http`, `django.utils.encoding`).

use nuages::Route;
use nuages::base36::{base36_to_int, int_to_base36};
use nuages::content_disposition::{Disposition, content_disposition_header};
use nuages::encoding::Encoding;
use nuages::etag::{parse_etags, quote_etag};
use nuages::header_parameters::parse_header_parameters;
use nuages::host::is_same_domain;
use nuages::http_date::{http_date, parse_http_date, parse_http_date_safe};
use nuages::iri::{escape_uri_path, filepath_to_uri, iri_to_uri, uri_to_iri};
use nuages::prelude::*;
use nuages::safe_redirect::{AllowedSchemes, escape_leading_slashes, url_has_allowed_host_and_scheme};
use nuages::urlencode::{ListValues, QueryValue, urlencode};
use nuages::urlsafe_base64::{urlsafe_base64_decode, urlsafe_base64_encode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::outcome::{Exception, Results, answer};
use crate::scalar::Scalar;

pub(crate) fn routes() -> Vec<Route> {
    vec![path("utilities", utilities).view_path("views_http.utilities")]
}

#[derive(Deserialize)]
struct Calls {
    calls: Vec<(String, Box<RawValue>)>,
}

async fn utilities(request: HttpRequest) -> Result {
    let Calls { calls } = request.json().await?;
    let results = calls.iter().map(|(function, argument)| call(function, argument).into()).collect();
    HttpResponse::json(&Results { results })
}

fn call(function: &str, argument: &RawValue) -> Result<Box<RawValue>, Exception> {
    let text = || read::<String>(argument);
    match function {
        "http_date" => answer(&http_date(read::<Option<f64>>(argument)?)?),
        "parse_http_date" => answer(&parse_http_date(&text()?)?),
        "parse_http_date_safe" => answer(&parse_http_date_safe(&text()?)),
        "int_to_base36" => answer(&int_to_base36(read::<i64>(argument)?)?),
        "base36_to_int" => answer(&base36_to_int(&text()?)?),
        "urlsafe_base64_encode" => answer(&urlsafe_base64_encode(text()?)),
        "urlsafe_base64_decode" => {
            answer(&Encoding::new("latin-1").decode(&urlsafe_base64_decode(&text()?)?)?)
        }
        "parse_etags" => answer(&parse_etags(&text()?)),
        "quote_etag" => answer(&quote_etag(&text()?)),
        "is_same_domain" => {
            let (host, pattern): (String, String) = read(argument)?;
            answer(&is_same_domain(&host, &pattern))
        }
        "url_has_allowed_host_and_scheme" => answer(&read::<Redirection>(argument)?.is_allowed()),
        "escape_leading_slashes" => answer(&escape_leading_slashes(&text()?)),
        "parse_header_parameters" => {
            let line = text()?;
            let (value, parameters) = parse_header_parameters(&line)?;
            let parameters: Map<String, Value> =
                parameters.iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
            answer(&(value, parameters))
        }
        "content_disposition_header" => {
            let (as_attachment, filename): (bool, String) = read(argument)?;
            let disposition = if as_attachment { Disposition::Attachment } else { Disposition::Inline };
            answer(&content_disposition_header(disposition, &filename))
        }
        "iri_to_uri" => answer(&iri_to_uri(&text()?)),
        "uri_to_iri" => answer(&uri_to_iri(&text()?)),
        "escape_uri_path" => answer(&escape_uri_path(&text()?)),
        "filepath_to_uri" => answer(&filepath_to_uri(&text()?)),
        "urlencode" => answer(&read::<Query>(argument)?.encode()?),
        _ => Err(Exception("KeyError")),
    }
}

fn read<T: DeserializeOwned>(argument: &RawValue) -> Result<T, Exception> {
    serde_json::from_str(argument.get()).map_err(|_| Exception("TypeError"))
}

#[derive(Deserialize)]
struct Redirection {
    url: Option<String>,
    #[serde(default)]
    allowed_hosts: Vec<String>,
    #[serde(default)]
    require_https: bool,
}

impl Redirection {
    fn is_allowed(&self) -> bool {
        let schemes =
            if self.require_https { AllowedSchemes::HttpsOnly } else { AllowedSchemes::HttpAndHttps };
        url_has_allowed_host_and_scheme(self.url.as_deref().unwrap_or(""), &self.allowed_hosts, schemes)
    }
}

#[derive(Deserialize)]
struct Query {
    query: Vec<(String, Value)>,
    #[serde(default)]
    doseq: bool,
}

impl Query {
    fn encode(&self) -> Result<String, Exception> {
        let lists = if self.doseq { ListValues::Repeat } else { ListValues::AsText };
        let pairs: Vec<_> = self
            .query
            .iter()
            .map(|(key, value)| Ok((key, field(value)?)))
            .collect::<Result<_, Exception>>()?;
        Ok(urlencode(pairs, lists)?)
    }
}

fn field(value: &Value) -> Result<QueryValue, Exception> {
    match value {
        Value::Null => Ok(QueryValue::None),
        Value::String(text) => Ok(text.into()),
        Value::Number(number) if number.is_i64() => Ok(number.as_i64().into()),
        Value::Number(_) | Value::Bool(_) => {
            let scalar: Result<Scalar, _> = serde_json::from_value(value.clone());
            scalar.map(|scalar| scalar.to_string().into()).map_err(|_| Exception("TypeError"))
        }
        Value::Array(items) => Ok(QueryValue::List(items.iter().map(field).collect::<Result<_, _>>()?)),
        Value::Object(_) => Err(Exception("TypeError")),
    }
}
