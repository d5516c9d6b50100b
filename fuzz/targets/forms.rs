//! Bodies of forms, urlencoded and in parts, under Django's limits.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nuages_http::{HttpRequest, QueryDict};

fuzz_target!(|data: &[u8]| {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    if let Ok(text) = std::str::from_utf8(data)
        && let Ok(query) = QueryDict::parse(text)
    {
        let again =
            QueryDict::parse(&query.urlencode().expect("UTF-8")).expect("what was written can be read");
        // Written by name, so values of one name may move together.
        assert!(query.lists().eq(again.lists()));
    }
    runtime.block_on(async {
        let request = HttpRequest::test("POST", "/")
            .header("Content-Type", "multipart/form-data; boundary=b")
            .body(data.to_vec())
            .build();
        let fields = request.POST().await.map(|fields| fields.pairs().count());
        if let Ok(files) = request.FILES().await {
            for name in files.keys() {
                for file in files.getlist(name) {
                    assert!(!file.name().contains(['/', '\\', '\0']), "{}", file.name());
                    assert_eq!(file.read().await.expect("in memory").len() as u64, file.size());
                }
            }
        }
        assert!(fields.is_err() || fields.is_ok_and(|count| count <= 1000));
        let request = HttpRequest::test("POST", "/")
            .header("Content-Type", "application/json")
            .body(data.to_vec())
            .build();
        let _outcome = request.json::<serde_json::Value>().await;
    });
});
