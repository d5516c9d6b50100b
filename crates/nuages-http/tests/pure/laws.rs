//! Laws that hold for any input.

use nuages_http::QueryDict;
use nuages_http::base36::{base36_to_int, int_to_base36};
use nuages_http::cache_headers::patch_vary_headers;
use nuages_http::encoding::Encoding;
use nuages_http::etag::{parse_etags, quote_etag};
use nuages_http::header_parameters::parse_header_parameters;
use nuages_http::host::{is_same_domain, split_domain_port};
use nuages_http::http_date::{http_date, parse_http_date};
use nuages_http::iri::{decode_path, escape_uri_path, filepath_to_uri, iri_to_uri, uri_to_iri};
use nuages_http::media_type::AcceptedTypes;
use nuages_http::safe_redirect::{AllowedSchemes, escape_leading_slashes, url_has_allowed_host_and_scheme};
use nuages_http::url_split::{urljoin, urlsplit};
use nuages_http::urlsafe_base64::{urlsafe_base64_decode, urlsafe_base64_encode};
use proptest::collection::vec;
use proptest::prelude::*;

const LABELS: [&str; 12] = [
    "utf-8",
    "ascii",
    "latin-1",
    "utf-16",
    "utf-32",
    "utf-8-sig",
    "cp1255",
    "iso-8859-9",
    "shift_jis",
    "iso-2022-jp",
    "gb18030",
    "nonsense",
];

proptest! {
    #[test]
    fn a_query_string_is_read_as_it_was_written(pairs in vec((".*", ".*"), 0..20), label in prop::sample::select(vec!["utf-8", "utf-16-le", "utf-32-be"])) {
        let mut written: QueryDict = pairs.into_iter().collect();
        written.set_encoding(label);
        let text = written.urlencode().unwrap();
        prop_assert!(text.is_ascii());
        if label == "utf-8" {
            prop_assert_eq!(&QueryDict::parse(&text).unwrap(), &written);
            prop_assert_eq!(&QueryDict::options().parse_bytes(text.as_bytes()).unwrap(), &written);
            prop_assert_eq!(&QueryDict::parse(&written.urlencode_safe("/").unwrap()).unwrap(), &written);
        }
    }

    #[test]
    fn every_query_string_can_be_parsed(query in vec(any::<u8>(), 0..200), label in prop::sample::select(LABELS.to_vec())) {
        let options = || QueryDict::options().encoding(label).max_number_fields(None);
        prop_assert!(options().parse_bytes(&query).is_ok() || label == "nonsense");
        let text = String::from_utf8_lossy(&query);
        if let Ok(query) = options().parse(&text) {
            let scanned: Vec<Option<String>> = query.pairs().map(|(key, _)| query.get(key).map(str::to_owned)).collect();
            let indexed: Vec<Option<String>> = query.pairs().map(|(key, _)| query.getlist(key).last().cloned()).collect();
            prop_assert_eq!(scanned, indexed);
        }
    }

    #[test]
    fn escapes_and_separators_can_be_parsed(query in "[ab=&%+;é0-9A-Fa-f]{0,80}", label in prop::sample::select(LABELS.to_vec())) {
        let parsed = QueryDict::options().encoding(label).parse(&query);
        prop_assert!(parsed.is_ok() || label == "nonsense");
    }

    #[test]
    fn a_uri_stays_as_it_is(iri in ".*") {
        let uri = iri_to_uri(&iri).into_owned();
        prop_assert!(uri.is_ascii());
        prop_assert_eq!(iri_to_uri(&uri), uri.as_str());
        prop_assert_eq!(iri_to_uri(&uri_to_iri(&uri)).is_ascii(), true);
    }

    #[test]
    fn an_escaped_path_is_decoded_again(path in ".*") {
        let escaped = escape_uri_path(&path);
        prop_assert_eq!(decode_path(escaped.as_bytes()), path.as_str());
        prop_assert!(filepath_to_uri(&path).is_ascii());
        prop_assert!(!escape_leading_slashes(&path).starts_with("//"));
    }

    #[test]
    fn numbers_dates_and_bytes_come_back(number in any::<u64>(), seconds in -62_135_596_800_i64..=253_402_300_799, bytes in vec(any::<u8>(), 0..50)) {
        prop_assert_eq!(base36_to_int(&int_to_base36(number).unwrap()).unwrap(), i128::from(number));
        #[expect(clippy::cast_precision_loss, reason = "the range is far within 53 bits")]
        let date = http_date(seconds as f64).unwrap();
        // A year before 100 is read as one of two digits.
        if seconds > -59_000_000_000 {
            prop_assert_eq!(parse_http_date(&date), Ok(seconds));
        }
        prop_assert_eq!(urlsafe_base64_decode(&urlsafe_base64_encode(&bytes)).unwrap(), bytes);
    }

    #[test]
    fn an_unsafe_host_is_never_allowed(url in "[htps:/\\\\?#@. \\t\\x00-\\x20a-e\\[\\]]{0,40}") {
        let is_safe = url_has_allowed_host_and_scheme(&url, &[""; 0], AllowedSchemes::HttpAndHttps);
        if is_safe {
            let parts = urlsplit(&url).unwrap();
            prop_assert!(parts.netloc.is_empty() && parts.scheme.is_empty());
            // What a redirect sends is no host for a browser: two slashes come with nothing, or with an escaped control.
            let sent = iri_to_uri(url.trim()).into_owned();
            let host = sent.strip_prefix("//").unwrap_or_default();
            prop_assert!(host.is_empty() || host.starts_with(['?', '#']) || host.starts_with("%0"), "{sent}");
        }
    }

    #[test]
    fn nothing_panics(text in ".*", bytes in vec(any::<u8>(), 0..60), seconds in any::<f64>(), label in prop::sample::select(LABELS.to_vec())) {
        let _ = (base36_to_int(&text), urlsafe_base64_decode(&text), parse_etags(&text), quote_etag(&text), http_date(seconds));
        let _ = (parse_http_date(&text), parse_header_parameters(&text), AcceptedTypes::parse(&text), split_domain_port(&text));
        let _ = (is_same_domain(&text, &text), urlsplit(&text), urljoin("http://testserver/a;b/c?d", &text), uri_to_iri(&text));
        let _ = (decode_path(&bytes), Encoding::new(&text).decode(&bytes), Encoding::new(label).decode(&bytes));
        let _ = (Encoding::new(label).encode(&text), Encoding::new(label).decode_strict(&bytes));
        patch_vary_headers(&mut http::HeaderMap::new(), &[&text]);
    }

    #[test]
    fn parameters_never_panic(line in "[ab;=*0-9'\"\\\\ %e/é,q.]{0,80}") {
        let _ = (parse_header_parameters(&line), AcceptedTypes::parse(&line));
        let _ = parse_http_date(&line);
    }

    #[test]
    fn what_an_encoding_writes_it_reads(text in ".*", label in prop::sample::select(LABELS[..8].to_vec())) {
        let encoding = Encoding::new(label);
        if let Ok(bytes) = encoding.encode(&text) {
            prop_assert_eq!(encoding.decode_strict(&bytes).unwrap(), text.as_str());
        }
    }
}
