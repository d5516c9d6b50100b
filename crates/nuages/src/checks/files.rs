//! Can uploads be kept where the settings say?

use std::path::Path;

use nuages_http::Settings;

use super::Message;
use crate::application::Application;

pub(super) fn check(application: &Application) -> Option<Message> {
    folder(application.site().settings())
}

fn folder(settings: &Settings) -> Option<Message> {
    let folder = settings.FILE_UPLOAD_TEMP_DIR.as_deref().filter(|folder| !Path::new(folder).is_dir())?;
    Some(Message::error(
        "files.E001",
        format_args!("FILE_UPLOAD_TEMP_DIR is {folder:?}, which is no folder"),
        "make the folder, or leave the setting out for the system's own",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders() {
        let settings = |folder: Option<&str>| Settings {
            FILE_UPLOAD_TEMP_DIR: folder.map(str::to_owned),
            ..Settings::default()
        };
        assert_eq!(folder(&settings(None)), None);
        assert_eq!(folder(&settings(Some("/"))), None);
        assert!(folder(&settings(Some("/no/such/folder"))).is_some());
    }
}
