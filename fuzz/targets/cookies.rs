//! `Cookie` headers, and what is written back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nuages_cookies::{CookieSigner, Cookies, ResponseCookies};

fuzz_target!(|data: &[u8]| {
    let cookies = Cookies::new([bytes::Bytes::copy_from_slice(data)]);
    for (name, value) in cookies.iter() {
        assert!(cookies.contains(&name) && cookies.get(&name).is_some());
        let mut written = ResponseCookies::default();
        written.set(&name, &value);
        let mut lines = Vec::new();
        // A name that cannot be written is an error, and no line.
        if written.write(&CookieSigner::new("key"), |line| lines.push(line)).is_err() {
            continue;
        }
        let [line] = lines.as_slice() else { panic!("{lines:?}") };
        assert!(!line.contains(['\r', '\n', '\0']));
        let pair = line.split("; ").next().unwrap_or_default().to_owned();
        let again = Cookies::new([bytes::Bytes::from(pair)]);
        assert_eq!(again.get(&name).as_deref(), Some(&*value), "{line}");
    }
});
