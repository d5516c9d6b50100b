//! Temporary files: when there are any, who may read them, and that none is left.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use nuages_http::{Body, ErrorKind, FileUploadHandler, HttpRequest, Received, Result, Site};
use tempfile::TempDir;

use super::{block_on, chunked, field, file, form, multipart, site};

/// A site that keeps `room` bytes in memory, and the folder of its temporary files.
fn cramped(room: usize) -> (Arc<Site>, TempDir) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().display().to_string();
    let site = site(|settings| {
        settings.FILE_UPLOAD_MAX_MEMORY_SIZE = room;
        settings.FILE_UPLOAD_TEMP_DIR = Some(path);
    });
    (site, folder)
}

fn files_in(folder: &TempDir) -> usize {
    std::fs::read_dir(folder.path()).unwrap().count()
}

async fn on_disk(request: &HttpRequest) -> Vec<bool> {
    let files = request.FILES().await.unwrap();
    files.lists().flat_map(|(_, files)| files).map(|file| file.temporary_file_path().is_some()).collect()
}

#[test]
fn memory_comes_first() {
    let (site, folder) = cramped(1000);
    let body = |sizes: &[usize]| {
        form(&sizes.iter().map(|size| file("f", "x", &"y".repeat(*size))).collect::<Vec<_>>())
    };
    block_on(async {
        // A length that fits, one that does not, and none at all: then all files together have so much room.
        for (what, body, expected) in [
            ("fits", Body::from(body(&[100, 100])), vec![false, false]),
            ("too long", Body::from(body(&[100, 2000])), vec![true, true]),
            ("no length, fits", chunked(&body(&[400, 600]), 100), vec![false, false]),
            ("no length, one beyond", chunked(&body(&[400, 601, 600]), 100), vec![false, true, false]),
            ("no length, both beyond", chunked(&body(&[1001, 1001]), 100), vec![true, true]),
        ] {
            let request = multipart(&site, body);
            assert_eq!(on_disk(&request).await, expected, "{what}");
            for (_, files) in request.FILES().await.unwrap().lists() {
                for file in files {
                    assert_eq!(file.read().await.unwrap().len() as u64, file.size(), "{what}");
                }
            }
            drop(request);
            assert_eq!(files_in(&folder), 0, "{what}");
        }
    });
}

#[cfg(unix)]
#[test]
fn case_231_nobody_else_may_read_a_temporary_file() {
    use std::os::unix::fs::PermissionsExt;
    let (site, folder) = cramped(0);
    let request = multipart(&site, form(&[file("f", "x", "hello"), file("f", "x", "hello")]));
    block_on(async {
        let files = request.FILES().await.unwrap().getlist("f");
        let paths: Vec<_> = files.iter().map(|file| file.temporary_file_path().unwrap()).collect();
        assert_ne!(paths[0], paths[1]);
        for path in paths {
            let mode = std::fs::metadata(path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
            assert_eq!(path.parent(), Some(folder.path()));
            assert!(
                path.file_name().unwrap().to_str().unwrap().ends_with(".upload"),
                "no name of the client's"
            );
        }
    });
    // A clone that outlives the request keeps its file, and no other.
    let kept = block_on(request.FILES()).unwrap().get("f").unwrap().clone();
    drop(request);
    assert_eq!(files_in(&folder), 1);
    assert_eq!(block_on(kept.read()).unwrap(), "hello");
    drop(kept);
    assert_eq!(files_in(&folder), 0);
}

#[test]
fn saving_a_file() {
    let (site, folder) = cramped(0);
    let target = TempDir::new().unwrap();
    let request = multipart(&site, form(&[file("f", "x", &"hello".repeat(50_000))]));
    block_on(async {
        let file = request.FILES().await.unwrap().get("f").unwrap();
        let path = target.path().join("saved");
        assert_eq!(file.save_to(&path).await.unwrap(), 250_000);
        assert_eq!(std::fs::read(&path).unwrap(), "hello".repeat(50_000).as_bytes());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o644);
        }
        let refused = file.save_to(&path).await.unwrap_err();
        assert_eq!(refused.kind(), std::io::ErrorKind::AlreadyExists);
        assert!(file.save_to(target.path().join("no/folder")).await.is_err());
        assert_eq!(std::fs::read_dir(target.path()).unwrap().count(), 1, "no half file is left");
        let mut length = 0;
        let mut chunks = file.chunks();
        while let Some(chunk) = chunks.next().await.unwrap() {
            assert!(chunk.len() <= 65_536);
            length += chunk.len();
        }
        assert_eq!(length, 250_000);
    });
    drop(request);
    assert_eq!(files_in(&folder), 0);
}

/// What ends an upload before its end.
fn interrupted(site: &Arc<Site>, whole: &[u8]) -> Vec<(&'static str, HttpRequest)> {
    let (begin, end) = whole.split_at(whole.len() - 10);
    let begin = Bytes::copy_from_slice(begin);
    let cut = Body::from_chunks([Ok(begin.clone()), Err(std::io::Error::other("the peer left"))]);
    let no_end = Body::from_chunks([Ok::<_, std::io::Error>(begin.clone())]);
    let too_many = [&begin[..], b"\r\n", &field("a", &"x".repeat(100)).into_bytes(), end].concat();
    vec![
        ("the client leaves", multipart(site, cut)),
        ("no boundary ends it", multipart(site, no_end)),
        ("a field is too long", multipart(site, too_many)),
    ]
}

#[test]
fn no_file_is_left_of_an_upload_that_fails() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().display().to_string();
    let site = site(|settings| {
        settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10;
        settings.FILE_UPLOAD_TEMP_DIR = Some(path);
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = Some(50);
    });
    let whole = form(&[file("f", "x", &"y".repeat(1_000_000)), file("g", "x", &"y".repeat(1_000_000))]);
    for (what, request) in interrupted(&site, &whole) {
        assert!(block_on(request.POST()).is_err(), "{what}");
        assert_eq!(files_in(&folder), 0, "{what}");
    }
}

#[test]
fn no_file_is_left_of_an_upload_that_nobody_waits_for() {
    let (site, folder) = cramped(10);
    let begin =
        format!("--b\r\nContent-Disposition: form-data; name=f; filename=x\r\n\r\n{}", "y".repeat(1_000_000));
    block_on(async {
        let (mut writer, body) = Body::channel();
        let request = multipart(&site, body);
        writer.send(begin).await.unwrap();
        {
            let reading = request.FILES();
            tokio::pin!(reading);
            let waited = tokio::time::timeout(std::time::Duration::from_millis(300), reading).await;
            assert!(waited.is_err());
            assert_eq!(files_in(&folder), 1, "it waits for more");
        }
        assert_eq!(files_in(&folder), 0, "dropping what waits ends the upload");
    });
}

struct Bomb;

impl FileUploadHandler for Bomb {
    async fn receive_data_chunk(&mut self, chunk: Bytes, start: u64) -> Result<Received> {
        assert!(start < 500_000, "a handler that panics");
        Ok(Received::Next(chunk))
    }
}

#[test]
fn case_232_a_handler_that_panics_leaves_no_file() {
    let (site, folder) = cramped(10);
    let request = multipart(&site, form(&[file("f", "x", &"y".repeat(1_000_000))]));
    request.add_upload_handler(Bomb).unwrap();
    let panicked =
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| block_on(request.POST()).map(drop)));
    assert!(panicked.is_err());
    assert_eq!(files_in(&folder), 0);
    assert_eq!(block_on(request.POST()).unwrap_err().kind(), ErrorKind::BodyTaken);
}

#[test]
fn a_folder_that_is_not_there() {
    let site = site(|settings| {
        settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1;
        settings.FILE_UPLOAD_TEMP_DIR = Some("/no/such/folder".into());
    });
    assert!(!Path::new("/no/such/folder").exists());
    let request = multipart(&site, form(&[file("f", "x", "hello")]));
    assert_eq!(block_on(request.FILES()).unwrap_err().kind(), ErrorKind::Internal);
}
