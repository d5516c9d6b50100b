//! What holds for every input, with the `cookie` crate as a second reader.

use nuages_cookies::{CookieSigner, Cookies};
use proptest::prelude::*;

use crate::calls::{response, written};

/// Texts that are likely to break something.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-z/.:-]{1,3}",
        "[;=,\"\\\\ \t\r\n\0]{1,2}",
        "[\u{7f}-\u{ff}]",
        Just("\u{10d}\u{10a}".to_owned()),
        Just("; Secure".to_owned()),
        Just("\\073".to_owned()),
        Just("☃".to_owned()),
        Just("Lax".to_owned()),
        Just("/docs/".to_owned()),
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

/// Any text whose characters a cookie can carry.
fn latin1() -> impl Strategy<Value = String> {
    prop::collection::vec(any::<u8>().prop_map(char::from), 0..40).prop_map(String::from_iter)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reading_never_panics_and_agrees_with_itself(header in prop::collection::vec(any::<u8>(), 0..200)) {
        let cookies = Cookies::from(header.as_slice());
        for (name, value) in cookies.iter() {
            prop_assert_eq!(cookies.get(&name), Some(value));
        }
        prop_assert_eq!(cookies.is_empty(), cookies.iter().len() == 0);
    }

    #[test]
    fn reading_agrees_with_the_plain_way(header in "[ab=; \t\"\\\\01é\u{FFFD}]{0,40}", name in "[ab= \t\u{FFFD}]{0,2}") {
        let blanks = [' ', '\t'];
        let plain = header.split(';').rev().find_map(|chunk| {
            let (key, value) = chunk.split_once('=').unwrap_or(("", chunk));
            let (key, value) = (key.trim_matches(blanks), value.trim_matches(blanks));
            ((!key.is_empty() || !value.is_empty()) && key == name).then_some(value)
        });
        let read = Cookies::from(header.as_str());
        prop_assert_eq!(read.contains(&name), plain.is_some());
        if let Some(plain) = plain.filter(|plain| !plain.contains(['"', '\\'])) {
            prop_assert_eq!(read.get(&name).unwrap(), plain);
        }
    }

    #[test]
    fn every_value_that_is_written_is_read_again(value in latin1()) {
        let mut cookies = response(0.0);
        cookies.set("k", &value);
        let header = written(&cookies).unwrap().remove(0);
        prop_assert!(header.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{}", header);
        let sent = header.strip_suffix("; Path=/").unwrap();
        prop_assert!(!sent.contains(';'), "{}", header);
        let read = Cookies::from(format!("a=1; {sent}; b=2"));
        prop_assert_eq!(read.get("k").unwrap(), value);
        prop_assert_eq!(read.len(), 3);
    }

    #[test]
    fn every_signed_value_is_read_again(value in latin1(), salt in ".{0,9}") {
        let signer = CookieSigner::new("key");
        let mut cookies = response(0.0);
        cookies.set_signed("k", &value).salt(&salt);
        let mut headers = Vec::new();
        cookies.write(&signer, |header| headers.push(header)).unwrap();
        let read = Cookies::from(headers[0].strip_suffix("; Path=/").unwrap());
        prop_assert_eq!(signer.unsign("k", &salt, &read.get("k").unwrap(), Some(60.into())), Ok(value));
    }

    #[test]
    fn no_argument_adds_an_attribute(
        name in prop_oneof![9 => Just("k".to_owned()), 1 => hostile()],
        texts in [hostile(), hostile(), hostile(), hostile(), hostile()],
        age in prop::option::of(-1e12..1e12),
        flags in any::<[bool; 3]>(),
    ) {
        let [value, path, domain, expires, same_site] = texts;
        let mut cookies = response(0.0);
        let mut guard = cookies.set(&name, &value).path(&path).domain(&domain).secure(flags[0]);
        if flags[1] {
            guard = guard.expires(&expires);
        }
        if flags[2] {
            guard = guard.same_site(&same_site);
        }
        if let Some(age) = age {
            guard.max_age(age);
        }
        match written(&cookies) {
            Err(_) => prop_assert!(cookies.check().is_err()),
            Ok(headers) => {
                let header = &headers[0];
                prop_assert!(!header.chars().any(char::is_control), "{:?}", header);
                let read = cookie::Cookie::parse(header.as_str()).unwrap();
                prop_assert_eq!(read.name(), name);
                prop_assert_eq!(read.secure().unwrap_or(false), flags[0]);
                prop_assert_eq!(read.http_only(), None);
                prop_assert_eq!(read.partitioned(), None);
                prop_assert_eq!(read.path().unwrap_or_default(), path.trim());
                let given = [
                    !path.is_empty(),
                    !domain.is_empty(),
                    flags[0],
                    age.is_some(),
                    flags[1] && !expires.is_empty() || age.is_some(),
                    flags[2] && !same_site.is_empty(),
                ];
                let given = given.into_iter().filter(|is_given| *is_given).count();
                prop_assert_eq!(header.matches(';').count(), given, "{}", header);
            }
        }
    }
}
