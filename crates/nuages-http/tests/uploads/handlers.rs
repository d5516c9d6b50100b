//! Upload handlers: they see what comes, and decide what becomes of it.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use nuages_http::{
    Body, Error, ErrorKind, FileUploadHandler, HttpRequest, NewFile, Received, Result, UploadInfo,
    UploadedFile,
};

use super::{block_on, chunked, field, file, form, multipart, read, site};

/// Writes down what it is told, and answers what the name of the file asks for.
#[derive(Clone, Default)]
struct Scribe {
    log: Arc<Mutex<Vec<String>>>,
    info: Option<UploadInfo>,
}

impl Scribe {
    fn note(&self, line: impl Into<String>) {
        self.log.lock().unwrap().push(line.into());
    }

    fn lines(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }
}

impl FileUploadHandler for Scribe {
    async fn new_upload(&mut self, content_length: Option<u64>) -> Result<()> {
        self.note(format!("upload {}", content_length.is_some()));
        Ok(())
    }

    async fn new_file(&mut self, file: &UploadInfo) -> Result<NewFile> {
        self.note(format!("file {} {} {}", file.field_name(), file.name(), file.content_type()));
        self.info = Some(file.clone());
        Ok(match file.name() {
            "stop" => NewFile::StopUpload,
            "skip" => NewFile::SkipFile,
            "alone" => NewFile::StopFutureHandlers,
            _ => NewFile::Continue,
        })
    }

    async fn receive_data_chunk(&mut self, chunk: Bytes, start: u64) -> Result<Received> {
        self.note(format!("{} at {start}", chunk.len()));
        match self.info.as_ref().map_or("", UploadInfo::name) {
            "kept" => Ok(Received::Kept),
            "upper" => Ok(Received::Next(chunk.to_ascii_uppercase().into())),
            "skip later" => Ok(Received::SkipFile),
            "stop later" => Ok(Received::StopUpload),
            "fails" => Err(Error::new(ErrorKind::PermissionDenied, "not you")),
            _ => Ok(Received::Next(chunk)),
        }
    }

    async fn file_complete(&mut self, size: u64) -> Result<Option<UploadedFile>> {
        self.note(format!("complete {size}"));
        let elsewhere = self.info.take().filter(|info| info.name() == "kept");
        Ok(elsewhere.map(|info| {
            let file = UploadedFile::elsewhere(info, size);
            file.extensions().get_or_insert_with(|| "bucket/key".to_owned());
            file
        }))
    }

    async fn upload_complete(&mut self) -> Result<()> {
        self.note("all complete");
        Ok(())
    }

    fn upload_interrupted(&mut self) {
        self.note("interrupted");
    }
}

fn scribed(name: &str) -> (HttpRequest, Scribe) {
    let body = form(&[field("a", "1"), file("f", name, "hello"), field("b", "2"), file("g", "last", "x")]);
    let request = multipart(&site(|_| {}), body);
    let scribe = Scribe::default();
    request.add_upload_handler(scribe.clone()).unwrap();
    (request, scribe)
}

#[test]
fn a_handler_sees_everything_in_order() {
    let (request, scribe) = scribed("any");
    block_on(read(&request)).unwrap();
    let expected = [
        "upload true",
        "file f any ",
        "5 at 0",
        "complete 5",
        "file g last ",
        "1 at 0",
        "complete 1",
        "all complete",
    ];
    assert_eq!(scribe.lines(), expected);
    assert_eq!(request.add_upload_handler(Scribe::default()).unwrap_err().kind(), ErrorKind::BodyTaken);
}

#[test]
fn pieces_of_a_large_file() {
    let body = form(&[file("f", "any", &"x".repeat(200_000))]);
    for body in [Body::from(body.clone()), chunked(&body, 150_000)] {
        let request = multipart(&site(|_| {}), body);
        let scribe = Scribe::default();
        request.add_upload_handler(scribe.clone()).unwrap();
        assert_eq!(block_on(request.FILES()).unwrap().get("f").map(UploadedFile::size), Some(200_000));
        let mut next = 0;
        for line in scribe.lines() {
            if let Some((length, start)) = line.split_once(" at ") {
                let length: u64 = length.parse().unwrap();
                assert!(length <= 65_536 && start.parse() == Ok(next), "{line}");
                next += length;
            }
        }
        assert_eq!(next, 200_000);
    }
}

#[test]
fn what_a_handler_decides() {
    for (name, fields, files) in [
        ("any", "ab", "f=hello g=x "),
        ("upper", "ab", "f=HELLO g=x "),
        ("skip", "ab", "g=x "),
        ("skip later", "ab", "g=x "),
        ("stop", "a", ""),
        ("stop later", "a", ""),
        ("alone", "ab", "g=x "),
    ] {
        let (request, scribe) = scribed(name);
        let (found_fields, found_files) = block_on(read(&request)).unwrap();
        assert_eq!(found_fields.into_iter().map(|(field, _)| field).collect::<String>(), fields, "{name}");
        let found_files: String = found_files
            .into_iter()
            .map(|(field, _, content)| format!("{field}={} ", String::from_utf8(content).unwrap()))
            .collect();
        assert_eq!(found_files, files, "{name}");
        assert_eq!(scribe.lines().last().unwrap(), "all complete", "{name}");
    }
}

#[test]
fn later_handlers_have_no_part_in_a_file_that_stops_at_an_earlier_one() {
    let (request, first) = scribed("alone");
    let second = Scribe::default();
    request.add_upload_handler(second.clone()).unwrap();
    block_on(read(&request)).unwrap();
    assert!(first.lines().contains(&"5 at 0".to_owned()));
    assert_eq!(second.lines(), ["upload true", "file g last ", "1 at 0", "complete 1", "all complete"]);
}

#[test]
fn a_file_that_was_stored_elsewhere() {
    let (request, _) = scribed("kept");
    block_on(async {
        let file = request.FILES().await.unwrap().require("f").unwrap();
        assert_eq!((file.size(), file.extensions().get::<String>().unwrap().as_str()), (5, "bucket/key"));
        assert!(file.read().await.is_err() && file.chunks().next().await.is_err());
        assert!(file.save_to("nowhere").await.is_err());
        assert_eq!(file.temporary_file_path(), None);
    });
}

#[test]
fn an_error_of_a_handler_is_the_answer() {
    let (request, scribe) = scribed("fails");
    for _ in 0..2 {
        let error = block_on(request.POST()).unwrap_err();
        assert_eq!((error.kind(), error.to_string()), (ErrorKind::PermissionDenied, "not you".into()));
    }
    assert_eq!(scribe.lines().last().unwrap(), "interrupted");
}

#[test]
fn a_handler_is_told_when_the_client_leaves() {
    let whole = form(&[file("f", "any", "hello")]);
    let pieces = [Ok(whole[..whole.len() - 6].to_vec().into()), Err(std::io::Error::other("the peer left"))];
    let request = multipart(&site(|_| {}), Body::from_chunks(pieces));
    let scribe = Scribe::default();
    request.add_upload_handler(scribe.clone()).unwrap();
    assert_eq!(block_on(request.POST()).unwrap_err().kind(), ErrorKind::UnreadableBody);
    assert_eq!(scribe.lines().last().unwrap(), "interrupted");
}
