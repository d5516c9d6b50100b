//! Header values that clients send: ranges, types, dates, parameters, entity tags, hosts.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nuages_http::HttpRequest;
use nuages_http::byte_range::{Ranges, parse_range};
use nuages_http::header_parameters::parse_header_parameters;
use nuages_http::http_date::{http_date, parse_http_date};
use nuages_http::safe_redirect::{AllowedSchemes, url_has_allowed_host_and_scheme};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for length in [0, 1, 1000, u64::MAX] {
        if let Ranges::Some(ranges) = parse_range(text, length) {
            for range in ranges {
                assert!(range.length > 0 && range.start <= range.last() && range.last() < length);
            }
        }
    }
    let _outcome = parse_header_parameters(text);
    if let Ok(seconds) = parse_http_date(text) {
        let written = http_date(seconds as f64);
        assert!(written.is_err() || parse_http_date(&written.unwrap_or_default()) == Ok(seconds));
    }
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        let request = HttpRequest::test("GET", "/")
            .header("Accept", text)
            .header("Host", text)
            .header("X-Forwarded-For", text)
            .build();
        let _outcome = request.accepts("text/html");
        let _outcome = request.get_preferred_type(&["text/html", "application/json"]);
        let _outcome = request.get_host();
        let _outcome = request.build_absolute_uri(text);
    }
    if url_has_allowed_host_and_scheme(text, &["good.example"], AllowedSchemes::HttpAndHttps) {
        assert!(!text.starts_with("//evil") && !text.starts_with("http://evil"));
    }
});
