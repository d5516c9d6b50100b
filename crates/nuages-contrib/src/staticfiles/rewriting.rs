//! References in style sheets and scripts: which there are, and what takes their place.

use regex::{Captures, Regex};

use super::error::{StaticFilesError, StaticFilesErrorKind};
use super::fnmatch::matches;
use super::names::{defrag, unquote, url_of};

/// The patterns of Django's `HashedFilesMixin`: for which files, what is found, what is written.
const PATTERNS: &[(&str, &str, [&str; 2])] = &[
    ("*.css", r#"(?i)(?P<matched>url\(['"]{0,1}\s*(?P<url>.*?)["']{0,1}\))"#, ["url(\"", "\")"]),
    ("*.css", r#"(?i)(?P<matched>@import\s*["']\s*(?P<url>.*?)["'])"#, ["@import url(\"", "\")"]),
    (
        "*.css",
        r"(?im)^(?P<matched>/\*#[ \t](?-i:sourceMappingURL)=(?P<url>.*)[ \t]*\*/)$",
        ["/*# sourceMappingURL=", " */"],
    ),
    ("*.js", r"(?im)^(?P<matched>//# (?-i:sourceMappingURL)=(?P<url>.*))$", ["//# sourceMappingURL=", ""]),
];

/// Rewrites references of files under STATIC_URL.
pub(super) struct Rewriter<'a> {
    patterns: Vec<(&'static str, Regex, [&'static str; 2])>,
    static_url: &'a str,
}

impl<'a> Rewriter<'a> {
    pub(super) fn new(static_url: &'a str) -> Result<Self, StaticFilesError> {
        let compiled =
            PATTERNS.iter().map(|(files, pattern, around)| Ok((*files, Regex::new(pattern)?, *around)));
        let patterns = compiled.collect::<Result<_, regex::Error>>();
        let patterns = patterns.map_err(|error| {
            StaticFilesError::new(StaticFilesErrorKind::PostProcessing, error.to_string())
        })?;
        Ok(Self { patterns, static_url })
    }

    /// May files of this name have references?
    pub(super) fn is_adjustable(name: &str) -> bool {
        PATTERNS.iter().any(|(files, ..)| matches(name, files))
    }

    /// The content with every reference to a static file in its hashed form, which `stored` finds by name.
    pub(super) fn rewrite(
        &self,
        name: &str,
        content: String,
        stored: &dyn Fn(&str) -> Result<String, StaticFilesError>,
    ) -> Result<String, StaticFilesError> {
        let mut content = content;
        for (_, pattern, around) in self.patterns.iter().filter(|(files, ..)| matches(name, files)) {
            let mut failed = None;
            let replaced = pattern.replace_all(&content, |found: &Captures<'_>| {
                let matched = found.name("matched").map_or("", |found| found.as_str());
                let url = found.name("url").map_or("", |found| found.as_str());
                match self.target(name, url, stored) {
                    Ok(Some(url)) => format!("{}{url}{}", around[0], around[1]),
                    Ok(None) => matched.to_owned(),
                    Err(error) => {
                        failed.get_or_insert(error);
                        matched.to_owned()
                    }
                }
            });
            let replaced = replaced.into_owned();
            if let Some(error) = failed {
                return Err(error);
            }
            content = replaced;
        }
        Ok(content)
    }

    /// What to write in place of this URL; none if it is not of a static file.
    fn target(
        &self,
        name: &str,
        url: &str,
        stored: &dyn Fn(&str) -> Result<String, StaticFilesError>,
    ) -> Result<Option<String>, StaticFilesError> {
        let scheme = url.bytes().take_while(u8::is_ascii_lowercase).count();
        let absolute = scheme > 0 && url.as_bytes().get(scheme) == Some(&b':');
        if absolute || url.starts_with("//") || (url.starts_with('/') && !url.starts_with(self.static_url)) {
            return Ok(None);
        }
        let (path, fragment) = defrag(url);
        if path.is_empty() {
            return Ok(None);
        }
        let target = match path.strip_prefix(self.static_url).filter(|_| path.starts_with('/')) {
            Some(inside) => inside.to_owned(),
            None => match name.rsplit_once('/') {
                Some((folder, _)) => format!("{folder}/{path}"),
                None => path.clone(),
            },
        };
        let hashed = unquote(&url_of(self.static_url, &unquote(&target), stored)?);
        let last = hashed.rsplit('/').next().unwrap_or(&hashed);
        let mut new = match path.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{last}"),
            None => last.to_owned(),
        };
        if !fragment.is_empty() {
            new.push_str(if url.contains("?#") { "?#" } else { "#" });
            new.push_str(&fragment);
        }
        Ok(Some(unquote(&new)))
    }
}
