//! `Set-Cookie` headers, as Django writes them.

use crate::calls::{make, response, written};
use crate::{rows, vectors};

/// What we do otherwise, and why: the recorded header, and ours.
const DIFFERENCES: [(&str, &str); 1] = [
    // Browsers refuse this name without `Secure`, so a set cookie gets it.
    ("__Host-x=v; Path=/", "__Host-x=v; Path=/; Secure"),
];

#[test]
fn the_shared_vectors_agree() {
    let file = vectors!("set_cookie");
    let mut differences = 0;
    for row in rows(&file, "headers") {
        let mut cookies = response(row["now"].as_f64().unwrap());
        make(&mut cookies, row["method"].as_str().unwrap(), row["arguments"].as_object().unwrap());
        let mut expected = match row["header"].as_str() {
            Some(header) => Ok(vec![header.to_owned()]),
            None => Err(row["error"].as_str().unwrap().to_owned()),
        };
        let ours = DIFFERENCES.iter().find(|(django, _)| row["header"] == **django);
        if let Some((_, ours)) = ours {
            differences += 1;
            expected = Ok(vec![(*ours).to_owned()]);
        }
        assert_eq!(written(&cookies), expected, "{row}");
    }
    assert_eq!(differences, DIFFERENCES.len());
}

#[test]
fn our_recorded_responses_agree() {
    let file = vectors!("django_cookies");
    for row in rows(&file, "responses") {
        let mut cookies = response(row["now"].as_f64().unwrap());
        let calls = row["calls"].as_array().unwrap();
        for call in calls {
            make(&mut cookies, call["method"].as_str().unwrap(), call.as_object().unwrap());
        }
        let expected = match row["error"].as_str() {
            Some(error) => Err(error.to_owned()),
            None => Ok(serde_json::from_value::<Vec<String>>(row["headers"].clone()).unwrap()),
        };
        let expected = expected.map(|headers| headers.into_iter().map(secure_prefix).collect());
        assert_eq!(written(&cookies), expected, "{row}");
    }
}

/// A cookie set under `__Secure-` is secure with us, as browsers demand.
fn secure_prefix(header: String) -> String {
    if header.starts_with("__Secure-") && !header.ends_with("; Secure") {
        header + "; Secure"
    } else {
        header
    }
}
