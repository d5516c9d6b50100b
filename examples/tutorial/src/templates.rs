//! The templates within the binary, which runs in any folder. Those in `templates/` are asked first: beside the sources an edit
//! shows with the next request.

use nuages::templates::Embedded;

macro_rules! embedded {
    ($($name:literal),+ $(,)?) => {
        Embedded(&[$(($name, include_str!(concat!("../templates/", $name)))),+])
    };
}

/// All of them, by name.
pub const TEMPLATES: Embedded = embedded!(
    "accounts/login.html",
    "base.html",
    "home.html",
    "index.html",
    "lesson.html",
    "messages.html",
    "page.css",
    "show_messages.html",
    "upload.html",
);
