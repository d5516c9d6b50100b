//! Reading a form: fields into a dictionary, files through the upload handlers, and every limit counted on the way.

use std::ops::ControlFlow;

use bytes::Bytes;

use super::part_head::PartHead;
use super::parts::Parts;
use super::sanitize_file_name;
use super::transfer_encoding::{Decoder, decode_field};
use crate::body::Body;
use crate::encoding::Encoding;
use crate::error::{ErrorKind, Result};
use crate::query_dict::QueryDict;
use crate::request::Failure;
use crate::settings::Settings;
use crate::uploads::{Files, Handled, Handlers, UploadInfo};

/// What a form holds.
#[derive(Default)]
pub(crate) struct Form {
    pub(crate) post: QueryDict,
    pub(crate) files: Files,
}

/// What a form is read by.
pub(crate) struct FormReader<'a> {
    settings: &'a Settings,
    encoding: Encoding,
    handlers: Handlers,
    post: QueryDict,
    files: Files,
    /// Parts that are no files, those without a name included.
    fields: usize,
    file_parts: usize,
    /// The bytes of all fields and their names, as DATA_UPLOAD_MAX_MEMORY_SIZE counts them.
    bytes: usize,
}

impl<'a> FormReader<'a> {
    pub(crate) fn new(settings: &'a Settings, encoding: Encoding, handlers: Handlers) -> Self {
        Self {
            settings,
            encoding,
            handlers,
            post: QueryDict::mutable(),
            files: Files::default(),
            fields: 0,
            file_parts: 0,
            bytes: 0,
        }
    }

    /// Reads the whole form.
    pub(crate) async fn read(mut self, body: Body, boundary: &str) -> Result<Form, Failure> {
        let length = http_body::Body::size_hint(&body).exact();
        self.handlers.new_upload(length).await?;
        if let Some(mut parts) = Parts::begin(body, boundary).await? {
            while let Some(head) = parts.next_part().await? {
                if self.read_part(head, &mut parts).await?.is_break() {
                    break;
                }
            }
        }
        self.handlers.upload_complete().await?;
        Ok(Form { post: self.post.freeze(), files: self.files })
    }

    async fn read_part(
        &mut self,
        head: Option<Bytes>,
        parts: &mut Parts,
    ) -> Result<ControlFlow<()>, Failure> {
        let part = head.and_then(|head| PartHead::parse(&head));
        match part {
            Some(part) if part.is_file() => return self.read_file(part, parts).await,
            Some(PartHead { name: Some(name), is_base64, .. }) => {
                self.count_field()?;
                let name = self.text(name.into_bytes())?;
                self.read_field(name, is_base64, parts).await?;
            }
            _ => self.count_field()?,
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Two more than the limit may come: what precedes the first boundary and what follows the last one count, as in Django.
    fn count_field(&mut self) -> Result<(), Failure> {
        self.fields = self.fields.saturating_add(1);
        match self.settings.DATA_UPLOAD_MAX_NUMBER_FIELDS {
            Some(limit) if self.fields > limit.saturating_add(2) => Err(Failure::new(
                ErrorKind::TooManyFields,
                format!("more than DATA_UPLOAD_MAX_NUMBER_FIELDS ({limit}) fields"),
            )),
            _ => Ok(()),
        }
    }

    /// Counts bytes of a field; two are added to each name, for the `&` and `=` of the other kind of form.
    fn count_bytes(&mut self, bytes: usize) -> Result<(), Failure> {
        self.bytes = self.bytes.saturating_add(bytes);
        match self.settings.DATA_UPLOAD_MAX_MEMORY_SIZE {
            Some(limit) if self.bytes > limit => Err(Failure::new(
                ErrorKind::TooLarge,
                format!("the fields of the form exceed DATA_UPLOAD_MAX_MEMORY_SIZE ({limit} bytes)"),
            )),
            _ => Ok(()),
        }
    }

    async fn read_field(&mut self, name: String, is_base64: bool, parts: &mut Parts) -> Result<(), Failure> {
        self.count_bytes(name.chars().count().saturating_add(2))?;
        let mut content = Vec::new();
        while let Some(piece) = parts.next_piece().await? {
            self.count_bytes(piece.len())?;
            content.extend_from_slice(&piece);
        }
        let content = if is_base64 { decode_field(content) } else { content };
        let value = self.text(content)?;
        self.post.append(name, value);
        Ok(())
    }

    async fn read_file(&mut self, part: PartHead, parts: &mut Parts) -> Result<ControlFlow<()>, Failure> {
        let proceed = Ok(ControlFlow::Continue(()));
        let Some(field_name) = part.name else {
            return proceed;
        };
        self.file_parts = self.file_parts.saturating_add(1);
        if let Some(limit) = self.settings.DATA_UPLOAD_MAX_NUMBER_FILES
            && self.file_parts > limit
        {
            let message = format!("more than DATA_UPLOAD_MAX_NUMBER_FILES ({limit}) files");
            return Err(Failure::new(ErrorKind::TooManyFiles, message));
        }
        let field_name = self.text(field_name.into_bytes())?;
        let file_name = self.text(part.file_name.unwrap_or_default().into_bytes())?;
        let Some(name) = sanitize_file_name(&file_name) else {
            return proceed;
        };
        let info = UploadInfo::new(
            field_name,
            name,
            part.content_type,
            part.content_type_extra,
            part.content_length,
        );
        let mut handled = self.handlers.new_file(info).await?;
        let mut decoder = part.is_base64.then(Decoder::default);
        while handled == Handled::Continue {
            let Some(mut piece) = parts.next_piece().await? else { break };
            if let Some(decoder) = &mut decoder {
                piece = decoder.decode(&piece).map_err(|_| not_base64())?;
            }
            handled = self.handlers.receive(piece).await?;
        }
        match handled {
            Handled::Continue => {
                decoder.map_or(Ok(()), |decoder| decoder.finish()).map_err(|_| not_base64())?;
                // A file of a field without a name is dropped, as in Django.
                if let Some((field, file)) = self.handlers.file_complete().await?
                    && !field.is_empty()
                {
                    self.files.append(field, file);
                }
                proceed
            }
            Handled::SkipFile => proceed,
            Handled::StopUpload => Ok(ControlFlow::Break(())),
        }
    }

    /// Text in the request's charset, in which Django decodes even what it has decoded from UTF-8 before.
    fn text(&self, bytes: Vec<u8>) -> Result<String, Failure> {
        if self.encoding.is_utf_8() {
            return Ok(match String::from_utf8(bytes) {
                Ok(text) => text,
                Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
            });
        }
        match self.encoding.decode(&bytes) {
            Ok(text) => Ok(text.into_owned()),
            Err(error) => Err(Failure::new(ErrorKind::Internal, error.to_string())),
        }
    }
}

fn not_base64() -> Failure {
    Failure::new(ErrorKind::BadMultipart, "a file of the form is not in the base64 that its headers announce")
}
