//! Odd forms against what Django's MultiPartParser made of them.

use serde_json::{Value, json};

use super::{block_on, chunked, read, site};
use nuages_http::{Body, HttpRequest};

/// What record_django_multipart.py recorded.
const RECORDED: &str = include_str!("../vectors/django_multipart.json");

async fn outcome(content_type: &str, body: Body, encoding: Option<&str>) -> Value {
    let mut request = HttpRequest::test("POST", "/")
        .site(&site(|_| {}))
        .header("content-type", content_type)
        .body(body)
        .build();
    if let Some(encoding) = encoding {
        request.set_encoding(encoding).unwrap();
    }
    match read(&request).await {
        Err(kind) => json!({"error": kind.django_name()}),
        Ok((fields, files)) => {
            let files: Vec<_> = files
                .into_iter()
                .map(|(field, name, content)| {
                    (field, name, content.into_iter().map(char::from).collect::<String>())
                })
                .collect();
            json!({"post": fields, "files": files})
        }
    }
}

#[test]
fn forms_are_read_as_by_django() {
    let recorded: Value = serde_json::from_str(RECORDED).unwrap();
    let cases = recorded["cases"].as_array().unwrap();
    assert!(cases.len() > 500);
    let mut wrong = Vec::new();
    for case in cases {
        let text = |name: &str| case[name].as_str().unwrap().to_owned();
        let body: Vec<u8> = text("body").chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        for size in [1, 17, 1 << 20] {
            let encoding = case["encoding"].as_str();
            let answer = block_on(outcome(&text("content_type"), chunked(&body, size), encoding));
            if answer != case["outcome"] {
                wrong.push(format!("{case}\n  nuages by {size}: {answer}"));
                break;
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}\n{}",
        wrong.len(),
        cases.len(),
        wrong[..wrong.len().min(8)].join("\n")
    );
}
