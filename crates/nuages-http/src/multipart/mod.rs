//! The format multipart/form-data (RFC 7578), read as `django.http.multipartparser` reads it, and while it arrives.

mod boundary;
mod file_name;
mod form;
mod part_head;
mod parts;
mod splitter;
mod transfer_encoding;

pub(crate) use boundary::boundary;
pub(crate) use file_name::sanitize_file_name;
pub(crate) use form::{Form, FormReader};
