//! What a browser is shown while there is no site.

use std::time::Instant;

use http::{Method, StatusCode};

use super::site::Death;
use crate::ansi;
use crate::failure::Failure;

/// The path on which the page waits for a change.
pub(super) const CHANGED: &str = "/.nuages/changed";

const STYLE: &str = include_str!("page.css");

/// Loads the page again as soon as something has changed. The reload of an answered form would send it again, so that page
/// is asked for anew.
const SCRIPT: &str = "\
(async()=>{for(;;){try{await fetch('/.nuages/changed',{cache:'no-store'});break}catch{await new Promise(f=>setTimeout(f,500))}}\
document.documentElement.dataset.method==='GET'?location.reload():location.replace(location.href)})()";

/// A page, before it is known who asks.
pub(super) struct Page {
    status: StatusCode,
    title: &'static str,
    about: String,
    /// What a program said, with a terminal's colours.
    said: String,
    began: Instant,
}

impl Page {
    /// The build takes long.
    pub(super) fn building(project: &str) -> Self {
        let about = format!("{project} is built. This page becomes the site as soon as it runs.");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "Building", about, String::new())
    }

    /// It does not compile.
    pub(super) fn broken(project: &str, errors: &str) -> Self {
        let about = format!("{project} does not compile. Mend it and save: this page loads itself again.");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "This does not compile", about, errors.to_owned())
    }

    /// It was built, and ended by itself.
    pub(super) fn ended(project: &str, death: &Death) -> Self {
        let about = format!(
            "{project} ended by itself ({}). Mend what it says and save: this page loads itself again.",
            death.status
        );
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "The site does not run", about, death.said.clone())
    }

    /// It was built, and cannot be started.
    pub(super) fn refused(project: &str, failure: &Failure) -> Self {
        let about = format!("{project} cannot be started. Mend it and save: this page loads itself again.");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "The site does not run", about, failure.to_string())
    }

    fn new(status: StatusCode, title: &'static str, about: String, said: String) -> Self {
        Self { status, title, about, said, began: Instant::now() }
    }

    pub(super) fn status(&self) -> StatusCode {
        self.status
    }

    pub(super) fn title(&self) -> &'static str {
        self.title
    }

    /// For a browser on this machine.
    pub(super) fn html(&self, method: &Method) -> String {
        let said = match self.said.trim() {
            "" => self.waiting(),
            said => format!("<pre>{}</pre>", ansi::to_html(said)),
        };
        let mut about = String::new();
        ansi::escape(&self.about, &mut about);
        self.document(method, &format!("<p>{about}</p></header>{said}"))
    }

    /// For a browser elsewhere, which is shown no sources.
    pub(super) fn html_for_others(&self) -> String {
        self.document(&Method::GET, "<p>The site is being changed. Its developer is shown more.</p></header>")
    }

    /// For a program on this machine.
    pub(super) fn text(&self) -> String {
        format!("{}\n\n{}\n\n{}\n", self.title, self.about, ansi::to_plain(self.said.trim()))
    }

    /// For a program elsewhere.
    pub(super) fn text_for_others(&self) -> String {
        "The site is being changed.\n".to_owned()
    }

    fn waiting(&self) -> String {
        format!("<p class=\"waiting\">For {} seconds so far.</p>", self.began.elapsed().as_secs())
    }

    fn document(&self, method: &Method, content: &str) -> String {
        let method = if matches!(*method, Method::GET | Method::HEAD) { "GET" } else { "POST" };
        let class = if self.status == StatusCode::SERVICE_UNAVAILABLE { "calm" } else { "bad" };
        let title = self.title;
        format!(
            "<!doctype html>\n<html lang=\"en\" data-method=\"{method}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><link rel=\"icon\" href=\"data:,\">\
             <title>{title}</title><style>{STYLE}</style>\
             <noscript><meta http-equiv=\"refresh\" content=\"2\"></noscript></head>\
             <body class=\"{class}\"><main><header><h1>{title}</h1>{content}</main><script>{SCRIPT}</script></body></html>\n"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_and_to_whom() {
        let page = Page::broken("site", "\u{1b}[91merror\u{1b}[0m: expected `<b>`");
        let html = page.html(&Method::POST);
        assert!(html.contains("<span class=\"c9\">error</span>: expected `&lt;b&gt;`"), "{html}");
        assert!(html.contains("data-method=\"POST\""));
        assert!(page.html(&Method::HEAD).contains("data-method=\"GET\""));
        assert!(page.text().contains("error: expected `<b>`"));
        for other in [page.html_for_others(), page.text_for_others()] {
            assert!(!other.contains("expected"), "{other}");
        }
        assert_eq!(page.status(), 500);
        assert_eq!(Page::building("site").status(), 503);
        assert!(Page::building("site").html(&Method::GET).contains("For 0 seconds"));
    }
}
