//! Query dictionaries: `QueryDict` and its methods.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use nuages::Route;
use nuages::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::operation::Operation;
use crate::outcome::{Exception, Outcome, answer};

pub(crate) fn routes() -> Vec<Route> {
    vec![path("querydict", querydict).view_path("views_http.querydict")]
}

#[derive(Deserialize)]
struct Construction {
    qs: Option<String>,
    qs_b64: Option<String>,
    fromkeys: Option<Vec<String>>,
    #[serde(default)]
    value: String,
    encoding: Option<String>,
    #[serde(default)]
    mutable: bool,
    #[serde(default)]
    ops: Vec<Operation>,
}

/// What became of a dictionary.
#[derive(Serialize)]
struct Report<'a> {
    lists: Lists<'a>,
    urlencode: Outcome,
    results: Vec<Outcome>,
}

type Lists<'a> = Vec<(&'a str, &'a [String])>;

async fn querydict(request: HttpRequest) -> Result {
    let construction: Construction = request.json().await?;
    let mut query = match construction.build(&request) {
        Ok(query) => query,
        Err(Exception(name)) => return HttpResponse::json(&json!({"error": name})),
    };
    let results = construction.ops.iter().map(|operation| run(&mut query, operation).into()).collect();
    let urlencode = query.urlencode().map_err(Exception::from).and_then(|text| answer(&text));
    HttpResponse::json(&Report { lists: query.lists().collect(), urlencode: urlencode.into(), results })
}

impl Construction {
    fn build(&self, request: &HttpRequest) -> Result<QueryDict, Exception> {
        let mut options = QueryDict::options()
            .mutable(self.mutable)
            .max_number_fields(request.settings().DATA_UPLOAD_MAX_NUMBER_FIELDS);
        if let Some(encoding) = &self.encoding {
            options = options.encoding(encoding.as_str());
        }
        if let Some(keys) = &self.fromkeys {
            return Ok(options.fromkeys(keys, &self.value));
        }
        if let Some(bytes) = &self.qs_b64 {
            let bytes = STANDARD.decode(bytes).map_err(|_| Exception("DecodeError"))?;
            return Ok(options.parse_bytes(&bytes)?);
        }
        Ok(options.parse(self.qs.as_deref().unwrap_or_default())?)
    }
}

fn run(query: &mut QueryDict, operation: &Operation) -> Result<Box<RawValue>, Exception> {
    let key = || operation.argument::<String>(0);
    let value = || operation.argument::<String>(1);
    let list = || operation.argument::<Vec<String>>(1);
    let default = || operation.optional::<Box<RawValue>>(1);
    match operation.name.as_str() {
        "get" => match query.get(&key()?) {
            Some(value) => answer(value),
            None => answer(&default()?),
        },
        "getitem" => answer(&Last(query.getitem(&key()?)?)),
        "getlist" => match default()?.filter(|default| default.get() != "null") {
            Some(default) if !query.contains(&key()?) => Ok(default),
            _ => answer(query.getlist(&key()?)),
        },
        "contains" => answer(&query.contains(&key()?)),
        "set" => answer(&query.set(key()?, value()?)?),
        "del" if query.delete(&key()?)? => answer(&()),
        "del" => Err(Exception("KeyError")),
        "setlist" => answer(&query.setlist(key()?, list()?)?),
        "appendlist" => answer(&query.appendlist(key()?, value()?)?),
        "setdefault" => answer(&Last(query.setdefault(key()?, value()?)?)),
        "setlistdefault" => {
            let default = operation.optional::<Vec<String>>(1)?.unwrap_or_default();
            answer(query.setlistdefault(key()?, default)?)
        }
        "pop" => match (query.pop(&key()?)?, default()?) {
            (Some(list), _) => answer(&list),
            (None, Some(default)) => Ok(default),
            (None, None) => Err(Exception("KeyError")),
        },
        "popitem" => answer(&query.popitem()?.ok_or(Exception("KeyError"))?),
        "update" => update(query, operation.argument(0)?),
        "clear" => answer(&query.clear()?),
        "keys" => answer(&query.keys().collect::<Vec<_>>()),
        "values" => answer(&query.values().map(Last).collect::<Vec<_>>()),
        "items" => answer(&query.items().map(|(key, value)| (key, Last(value))).collect::<Vec<_>>()),
        "lists" => answer(&query.lists().collect::<Lists<'_>>()),
        "dict" => {
            let dict: Map<String, Value> =
                query.items().map(|(key, value)| (key.to_owned(), json!(Last(value)))).collect();
            answer(&dict)
        }
        "len" => answer(&query.len()),
        "urlencode" => match operation.optional::<Option<String>>(0)?.flatten() {
            Some(safe) => answer(&query.urlencode_safe(&safe)?),
            None => answer(&query.urlencode()?),
        },
        "copy_then" => {
            let mut copy = query.copy();
            run(&mut copy, &operation.argument(0)?)?;
            answer(
                &json!({"original": query.lists().collect::<Lists<'_>>(), "copy": copy.lists().collect::<Lists<'_>>()}),
            )
        }
        _ => Err(Exception("ValueError")),
    }
}

/// The last value of a field; an empty list has none, and Django answers the list itself.
struct Last<'a>(Option<&'a str>);

impl Serialize for Last<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Some(value) => serializer.serialize_str(value),
            None => Vec::<&str>::new().serialize(serializer),
        }
    }
}

/// What `update` takes: fields with a value each, or a query string.
#[derive(Deserialize)]
#[serde(untagged)]
enum Update {
    Fields(Map<String, Value>),
    Query(String),
}

fn update(query: &mut QueryDict, update: Update) -> Result<Box<RawValue>, Exception> {
    match update {
        Update::Fields(fields) => {
            let text = |value: &Value| value.as_str().map(str::to_owned).ok_or(Exception("TypeError"));
            let fields: Vec<_> = fields
                .iter()
                .map(|(key, value)| Ok((key, text(value)?)))
                .collect::<Result<_, Exception>>()?;
            answer(&query.update(fields)?)
        }
        Update::Query(text) => answer(&query.update_lists(&QueryDict::parse(&text)?)?),
    }
}
