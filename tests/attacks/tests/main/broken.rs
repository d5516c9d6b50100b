//! Answers that break off: the client must not take what it has for the whole.

use crate::client::{get, visit};
use crate::running::Running;

#[tokio::test(flavor = "multi_thread")]
async fn a_streamed_answer_that_fails_never_ends_cleanly() {
    let site = Running::new("cache").await;
    for way in ["panic", "error", "drop"] {
        let reply = get(site.address, &format!("/broken/{way}"), "").await;
        assert_eq!(reply.status(), 200, "{way}: {reply:?}");
        assert!(reply.closed && !reply.text.ends_with("0\r\n\r\n"), "{way}: {reply:?}");
    }
    let reply = get(site.address, "/broken/whole", "").await;
    assert!(reply.text.ends_with("0\r\n\r\n"), "{reply:?}");
    assert_eq!(visit(site.address, "/", "").await.status(), 200);
}
