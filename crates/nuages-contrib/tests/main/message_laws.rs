//! What holds for every message and every cookie.

use proptest::collection::vec;
use proptest::prelude::*;

use crate::messages::{settings, visitor};

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// Percent-encoded, as a query takes it.
fn quoted(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is said comes out again, once, from every storage.
    #[test]
    fn what_is_added_is_shown(texts in vec("[^\\x00]{1,40}", 1..6), storage in 0..3_usize) {
        let storage = ["cookie", "session", "fallback"][storage];
        let query: Vec<String> = texts.iter().map(|text| format!("add=20:{}", quoted(text))).collect();
        let expected: Vec<String> = texts.iter().map(|text| format!("info={text}")).collect();
        let (shown, again) = run(async {
            let mut visitor = visitor(settings(storage));
            visitor.get(&query.join("&")).await;
            (visitor.get("read").await, visitor.get("read").await)
        });
        prop_assert_eq!(shown, expected.join(","));
        prop_assert_eq!(again, "");
    }

    /// Whatever a client sends as its cookie, the page is answered and shows nothing.
    #[test]
    fn no_cookie_breaks_anything(cookie in "[!-+--:<-\\[\\]-~]{0,200}") {
        let shown = run(async {
            let mut visitor = visitor(settings("fallback"));
            visitor.cookies.push(("messages".to_owned(), cookie));
            visitor.get("read").await
        });
        prop_assert_eq!(shown, "");
    }
}
