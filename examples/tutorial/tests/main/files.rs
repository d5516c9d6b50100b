//! Uploads and downloads.

use crate::browser;

#[tokio::test]
async fn files_are_uploaded_small_and_large() {
    let mut browser = browser().await;
    browser.get("/upload/").await.assert_contains("<progress").assert_contains("upload.onprogress");
    let large = "line\n".repeat(1_000_000);
    let answer =
        browser.post("/upload/").file("file", "../a<b>.txt", "one\ntwo\n").file("file", "large.txt", &large);
    answer
        .await
        .assert_status(200)
        .assert_contains("a&lt;b&gt;.txt: 8 bytes, 2 lines, kept in a temporary file.")
        .assert_contains("large.txt: 5000000 bytes, 1000000 lines, kept in a temporary file.");
    let answer = browser.post("/upload/").file("file", "small.txt", "one\n").await;
    answer.assert_contains("small.txt: 4 bytes, 1 lines, kept in memory.");
    browser.post("/upload/").field("other", "1").await.assert_contains("No file was sent.");
    browser.post("/upload/").header("content-type", "multipart/form-data").body("x").await.assert_status(400);
}

#[tokio::test]
async fn a_download_is_saved_whole_or_in_parts() {
    let mut browser = browser().await;
    let whole = browser.get("/download/").header("Accept", "text/html").await;
    whole
        .assert_status(200)
        .assert_header("content-type", "text/csv")
        .assert_header("content-disposition", "attachment; filename=\"squares.csv\"")
        .assert_contains("1000,1000000\n");
    let part = browser.get("/download/").header("Range", "bytes=0-7").await;
    part.assert_status(206).assert_header("content-length", "8");
    assert_eq!(part.text(), "1,1\n2,4\n");
}

#[tokio::test]
async fn a_countdown_comes_in_events() {
    let mut browser = browser().await;
    tokio::time::pause();
    browser.get("/events/").await.assert_contains("new EventSource");
    let events = browser.get("/events/").header("Accept", "text/event-stream").await;
    events.assert_header("content-type", "text/event-stream").assert_header("cache-control", "no-cache");
    assert_eq!(events.text(), (0..=5).rev().map(|left| format!("data: {left}\n\n")).collect::<String>());
}
