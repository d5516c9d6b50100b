//! URIs, paths, hosts and safe redirects.

use nuages_http::host::{is_same_domain, split_domain_port, validate_host};
use nuages_http::iri::{decode_path, escape_uri_path, filepath_to_uri, iri_to_uri, uri_to_iri};
use nuages_http::safe_redirect::{AllowedSchemes, escape_leading_slashes, url_has_allowed_host_and_scheme};
use nuages_http::url_split::{urljoin, urlsplit};
use serde_json::json;

use super::{DJANGO, base64, error, play, string, strings, value};

#[test]
fn iris_and_uris() {
    play("iri_to_uri", |input| value(iri_to_uri(string(input))));
    play("uri_to_iri", |input| value(uri_to_iri(string(input))));
    play("escape_uri_path", |input| value(escape_uri_path(string(input))));
    play("filepath_to_uri", |input| value(filepath_to_uri(string(input))));
    play("escape_leading_slashes", |input| value(escape_leading_slashes(string(input))));
}

#[test]
fn paths_of_requests() {
    play("decode_path", |input| value(decode_path(&base64(input))));
}

#[test]
fn urls_are_split_and_joined() {
    play("urlsplit", |input| match urlsplit(string(input)) {
        Ok(url) => value(json!([url.scheme, url.netloc, url.path, url.query, url.fragment])),
        Err(url) => error(url.django_name()),
    });
    play("urljoin", |input| match urljoin(string(&input[0]), string(&input[1])) {
        Ok(url) => value(url),
        Err(url) => error(url.django_name()),
    });
}

/// SECURITY: every input of Django's own tests and many more, for three lists of hosts, with and without https alone.
#[test]
fn redirects_stay_on_allowed_hosts() {
    let hosts: Vec<Vec<&str>> = DJANGO["url_has_allowed_host_and_scheme"]["allowed_hosts"]
        .as_array()
        .unwrap()
        .iter()
        .map(strings)
        .collect();
    let cases = DJANGO["url_has_allowed_host_and_scheme"]["cases"].as_array().unwrap();
    assert!(cases.len() > 400);
    for case in cases {
        let url = string(&case[0]);
        let answers: String = hosts
            .iter()
            .flat_map(|hosts| {
                [AllowedSchemes::HttpAndHttps, AllowedSchemes::HttpsOnly].map(|schemes| {
                    if url_has_allowed_host_and_scheme(url, hosts, schemes) { '1' } else { '0' }
                })
            })
            .collect();
        assert_eq!(answers, string(&case[1]), "{url:?}");
    }
}

#[test]
fn hosts() {
    play("is_same_domain", |input| value(is_same_domain(string(&input[0]), string(&input[1]))));
    play("split_domain_port", |input| {
        let (domain, port) = split_domain_port(string(input));
        value(json!([domain, port]))
    });
    play("validate_host", |input| value(validate_host(string(&input[0]), &strings(&input[1]))));
}

#[test]
fn long_input_takes_linear_time() {
    let start = std::time::Instant::now();
    for text in ["\\", "¾", "%", "%ff", "/../", ";", "[", "\u{2100}", "é%e9"] {
        let long = text.repeat(200_000);
        let _ = url_has_allowed_host_and_scheme(&long, &["testserver"], AllowedSchemes::HttpAndHttps);
        let _ = (iri_to_uri(&long), uri_to_iri(&long), escape_uri_path(&long), decode_path(long.as_bytes()));
        let _ = (split_domain_port(&long), urljoin("http://testserver/", &long), urlsplit(&long));
    }
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}
