//! Views that take files, and views whose answers break off.

use nuages::prelude::*;
use serde::Serialize;

/// What came of a form.
#[derive(Serialize)]
struct Came {
    fields: usize,
    files: Vec<(String, u64)>,
    /// How many of the files are temporary files.
    on_disk: usize,
    /// How many bytes can be read again.
    bytes: u64,
}

/// Counts what was sent.
pub(crate) async fn upload(request: HttpRequest) -> Result {
    let fields = request.POST().await?.len();
    let mut came = Came { fields, files: Vec::new(), on_disk: 0, bytes: 0 };
    for (_, files) in request.FILES().await?.lists() {
        for file in files {
            came.files.push((file.name().to_owned(), file.size()));
            came.on_disk += usize::from(file.temporary_file_path().is_some());
            let mut chunks = file.chunks();
            while let Some(chunk) = chunks.next().await? {
                came.bytes += chunk.len() as u64;
            }
        }
    }
    HttpResponse::json(&came)
}

/// Panics with the files in its hands.
#[expect(clippy::panic, reason = "a test of what is left then")]
pub(crate) async fn explode(request: HttpRequest) -> Result {
    let files = request.FILES().await?.len();
    panic!("with {files} files");
}

/// Reads the body as JSON.
pub(crate) async fn json(request: HttpRequest) -> Result {
    let _value: serde_json::Value = request.json().await?;
    Ok(HttpResponse::new("read"))
}

/// An answer that breaks off in the way that the path names.
#[expect(clippy::panic, reason = "a test of what the client sees then")]
pub(crate) async fn broken(_request: HttpRequest, way: String) -> Result {
    let (mut writer, body) = Body::channel();
    tokio::spawn(async move {
        for _ in 0..3 {
            writer.send("a piece of it, ").await?;
        }
        match &*way {
            "panic" => panic!("in the midst of an answer"),
            "error" => writer.fail("the database left").await,
            "drop" => drop(writer),
            _ => writer.finish().await,
        }
        Ok::<(), nuages::NobodyReads>(())
    });
    Ok(HttpResponse::streaming(body))
}
