//! Renders templates beside a live Django: requests come as lines of JSON, and answers leave as such.

mod site;
mod values;

use std::io::{BufRead, Write};

use nuages_templates::moment::Zone;
use nuages_templates::{Autoescape, Engine, TemplateErrorKind, Value};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use site::Urls;

/// One template with its context.
#[derive(Deserialize)]
struct Case {
    name: String,
    entry: String,
    folders: Vec<String>,
    autoescape: bool,
    zone: String,
    context: Vec<(String, Json)>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let urls = Urls::new()?;
    let mut answers = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let case: Case = serde_json::from_str(&line?)?;
        let mut answer = match render(&case, &urls)? {
            Ok(text) => json!({ "text": text }),
            Err((kind, message)) => json!({ "error": kind, "message": message }),
        };
        answer["name"] = json!(case.name);
        writeln!(answers, "{answer}")?;
    }
    Ok(())
}

/// The rendered text, or the kind of error and its message; an error outside is one of the case itself.
fn render(case: &Case, urls: &Urls) -> Result<Result<String, (&'static str, String)>, String> {
    let zone = Zone::named(&case.zone).ok_or_else(|| format!("no time zone {}", case.zone))?;
    let autoescape = if case.autoescape { Autoescape::On } else { Autoescape::Off };
    let engine = Engine::new().autoescape(autoescape).time_zone(zone).site(urls.clone());
    let engine = case.folders.iter().fold(engine, |engine, folder| engine.dir(folder));
    let mut context = Vec::new();
    for (key, json) in &case.context {
        context.push((key.as_str(), values::read(json)?));
    }
    let request = context.iter().find(|(key, _)| *key == "request").map(|(_, request)| request.clone());
    let context = Value::from_pairs(context);
    let rendered = match request {
        Some(request) => engine.render_for_request(&case.entry, context, request),
        None => engine.render(&case.entry, context),
    };
    Ok(rendered.map_err(|error| {
        let kind = match error.kind() {
            TemplateErrorKind::DoesNotExist { .. } => "DoesNotExist",
            TemplateErrorKind::Syntax => "Syntax",
            TemplateErrorKind::MissingVariable => "MissingVariable",
            TemplateErrorKind::NoReverseMatch => "NoReverseMatch",
            _ => "Render",
        };
        (kind, error.to_string())
    }))
}
