//! A browser made of curl: it keeps its cookies in a file, and sends forms with their tokens.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::sites::Sites;

pub(crate) struct Browser<'a> {
    sites: &'a Sites,
    cookies: PathBuf,
}

impl<'a> Browser<'a> {
    pub(crate) fn new(sites: &'a Sites) -> Self {
        Self { sites, cookies: sites.folder().join("cookies") }
    }

    /// Whoever has copied the cookies.
    pub(crate) fn copy(&self) -> Self {
        let cookies = self.cookies.with_extension("copy");
        std::fs::copy(&self.cookies, &cookies).unwrap();
        Self { sites: self.sites, cookies }
    }

    #[track_caller]
    pub(crate) fn sees(&self, path: &str, text: &str) {
        let page = self.ask(path, &[]);
        assert!(page.contains(text), "{path} does not say {text:?}: {page}{}", self.sites.logs());
    }

    /// Sends a form of this page.
    pub(crate) fn post(&mut self, page: &str, action: &str, fields: &[(&str, &str)]) {
        let page = self.ask(page, &[]);
        let token = page.split("name=\"csrfmiddlewaretoken\" value=\"").nth(1);
        let Some(token) = token.and_then(|rest| rest.split('"').next()) else {
            panic!("there is no token on {page}{}", self.sites.logs())
        };
        let fields = [&[("csrfmiddlewaretoken", token)], fields].concat();
        self.ask(action, &fields);
    }

    /// Asks, following redirects: a POST if there are fields.
    fn ask(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let mut curl = Command::new("curl");
        for (name, value) in fields {
            curl.arg("--data-urlencode").arg(format!("{name}={value}"));
        }
        let output = curl
            .args([
                "--silent",
                "--show-error",
                "--fail-with-body",
                "--location",
                "--noproxy",
                "*",
                "--max-time",
                "30",
            ])
            .args([Path::new("--cookie"), &self.cookies, Path::new("--cookie-jar"), &self.cookies])
            .arg(format!("{}{path}", self.sites.url()))
            .output()
            .unwrap_or_else(|error| panic!("curl does not start ({error}); run: apt-get install curl"));
        let text = String::from_utf8(output.stdout).unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{path}: {error}{text}{}", self.sites.logs());
        text
    }
}
