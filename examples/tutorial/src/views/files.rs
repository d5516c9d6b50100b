//! Files that come, and files that go.

use std::fmt::Write;

use nuages::prelude::*;
use nuages::{Event, NobodyReads};

// ANCHOR: upload
/// Shows a form, and tells what came of it.
pub(crate) async fn upload(request: HttpRequest) -> Result {
    if request.method != "POST" {
        return render(&request, "upload.html", context! {});
    }
    let mut answer = String::new();
    for file in request.FILES().await?.getlist("file") {
        let place = if file.temporary_file_path().is_some() { "in a temporary file" } else { "in memory" };
        let (name, lines) = (escape(file.name()), count_lines(file).await?);
        write!(answer, "<p>{name}: {} bytes, {lines} lines, kept {place}.</p>", file.size())?;
    }
    Ok(HttpResponse::new(if answer.is_empty() { "No file was sent.".to_owned() } else { answer }))
}

/// Reads piece by piece, however large the file is.
async fn count_lines(file: &UploadedFile) -> Result<usize> {
    let (mut lines, mut chunks) = (0, file.chunks());
    while let Some(chunk) = chunks.next().await? {
        lines += chunk.iter().filter(|byte| **byte == b'\n').count();
    }
    Ok(lines)
}
// ANCHOR_END: upload

// ANCHOR: download
/// A file to be saved; `curl -r 0-9` gets ten bytes of it.
pub(crate) async fn download(request: HttpRequest) -> Result {
    let table: String = (1..=1000).map(|n| format!("{n},{}\n", n * n)).collect();
    Ok(FileResponse::of_bytes(table).filename("squares.csv").as_attachment().respond_to(&request)?)
}
// ANCHOR_END: download

// ANCHOR: events
/// A page that counts down, and the events that it listens to.
pub(crate) async fn events(request: HttpRequest) -> Result {
    if request.headers.get("Accept").as_deref() != Some("text/event-stream") {
        return Ok(HttpResponse::new(COUNTDOWN));
    }
    let (mut events, response) = HttpResponse::event_stream();
    tokio::spawn(async move {
        for left in (0..=5).rev() {
            events.send(Event::new(left.to_string())).await?;
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        events.finish().await;
        Ok::<(), NobodyReads>(())
    });
    Ok(response)
}
// ANCHOR_END: events

const COUNTDOWN: &str = r#"<output>Connecting…</output>
<script>
const events = new EventSource("");
events.onmessage = ({ data }) => {
  document.querySelector("output").textContent = data === "0" ? "Lift-off" : data;
  if (data === "0") events.close();
};
</script>"#;
