//! What a live Django has rendered (`tests/vectors`), rendered here.

use std::error::Error;

use minijinja::value::Serde;
use nuages_templates::{Engine, Reverse, Site, TemplateErrorKind, Value};
use serde_json::Value as Json;

/// The site that the recording had.
struct Recorded;

impl Site for Recorded {
    fn reverse(&self, url: &Reverse<'_>) -> Result<String, Box<dyn Error + Send + Sync>> {
        match (url.name, url.args, url.kwargs) {
            ("a", [x], []) => Ok(format!("/a/{x}/")),
            ("b", [], [(name, value)]) if name == "k" => Ok(format!("/b/{value}/")),
            ("n:c", [], []) => Ok("/n/c/".to_owned()),
            _ => Err("no such URL".into()),
        }
    }
}

#[test]
fn templates_are_rendered_as_django_has_rendered_them() {
    let recorded: Json = serde_json::from_str(include_str!("vectors/django_templates.json")).unwrap();
    let mut wrong = Vec::new();
    let cases = recorded["cases"].as_array().unwrap();
    for case in cases {
        let template = case["template"].as_str().unwrap();
        let shared = recorded["files"].as_object().unwrap().iter().filter(|_| case["files"] == true);
        let files = shared.map(|(name, source)| (name.as_str(), source.as_str().unwrap()));
        let files: Vec<_> = files.chain([("main.html", template)]).collect();
        let folder = crate::folder(&files);
        let invalid = case["invalid"].as_str().unwrap_or_default();
        let engine = Engine::new().dir(folder.path()).site(Recorded).string_if_invalid(invalid);
        let context = case.get("context").unwrap_or(&recorded["context"]);
        let rendered = engine.render("main.html", Value::from(Serde(context)));
        let agree = match (&rendered, case["output"].as_str(), case["error"].as_str()) {
            (Ok(text), Some(expected), _) => text == expected,
            (Err(error), None, Some(class)) => {
                kind_of(class).is_none_or(|kind| kind == name_of(error.kind()))
            }
            _ => false,
        };
        if !agree {
            wrong.push(format!(
                "{template}\n  Django: {} {}\n  here:   {rendered:?}",
                case["output"], case["error"]
            ));
        }
    }
    assert!(cases.len() > 200);
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// The kind of error that stands for a class of Django's; Python's own errors may have any.
fn kind_of(class: &str) -> Option<&'static str> {
    match class {
        "TemplateSyntaxError" => Some("syntax"),
        "TemplateDoesNotExist" => Some("missing template"),
        "VariableDoesNotExist" => Some("missing variable"),
        "NoReverseMatch" => Some("no URL"),
        _ => None,
    }
}

fn name_of(kind: &TemplateErrorKind) -> &'static str {
    match kind {
        TemplateErrorKind::Syntax => "syntax",
        TemplateErrorKind::DoesNotExist { .. } => "missing template",
        TemplateErrorKind::MissingVariable => "missing variable",
        TemplateErrorKind::NoReverseMatch => "no URL",
        _ => "other",
    }
}
