//! What is wrong with the settings of static files, or doubtful.

use std::path::Path;

use nuages_http::Settings;

use super::encodings::Encoding;
use super::static_files::{StaticFiles, is_manifest};

/// Something that the command `check` says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The id of the check: Django's where Django has it.
    pub id: &'static str,
    /// Does it keep the application from working, or is it only doubtful?
    pub is_error: bool,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: &'static str,
}

fn error(id: &'static str, message: impl Into<String>, hint: &'static str) -> Finding {
    Finding { id, is_error: true, message: message.into(), hint }
}

fn warning(id: &'static str, message: impl Into<String>, hint: &'static str) -> Finding {
    Finding { id, is_error: false, message: message.into(), hint }
}

/// Looks at the settings, and at the disk.
///
/// ```
/// use nuages_contrib::staticfiles::{Finding, check};
/// use nuages_http::Settings;
/// let findings = check(&Settings { STATIC_URL: "/assets".into(), ..Settings::default() });
/// let finding: &Finding = &findings[0];
/// assert_eq!((finding.id, finding.hint), ("urls.E006", "add one"));
/// assert!(finding.is_error);
/// ```
#[must_use]
pub fn check(settings: &Settings) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !settings.STATIC_URL.ends_with('/') {
        findings.push(error("urls.E006", "STATIC_URL does not end with a slash", "add one"));
    }
    if matches!(settings.STATIC_URL.as_str(), "" | "/") {
        findings.push(error("staticfiles.E010", "STATIC_URL is the whole site", "set it to \"/static/\""));
    }
    let root = settings.STATIC_ROOT.as_deref().map(Path::new);
    for folder in &settings.STATICFILES_DIRS {
        let path = Path::new(&folder.path);
        if root == Some(path) {
            findings.push(error(
                "staticfiles.E002",
                "STATICFILES_DIRS contains STATIC_ROOT",
                "keep the files that you write apart from those that collectstatic writes",
            ));
        }
        if folder.prefix.ends_with('/') {
            findings.push(error(
                "staticfiles.E003",
                format!("the prefix {:?} in STATICFILES_DIRS ends with a slash", folder.prefix),
                "leave it out",
            ));
        }
        if !path.is_dir() {
            findings.push(warning(
                "staticfiles.W004",
                format!("the folder {:?} of STATICFILES_DIRS does not exist", folder.path),
                "make it, or take it out of the list",
            ));
        }
    }
    let storage = settings.STATICFILES_STORAGE.as_str();
    if !is_manifest(storage)
        && !matches!(storage, "plain" | "django.contrib.staticfiles.storage.StaticFilesStorage")
    {
        findings.push(error(
            "staticfiles.E005",
            format!("STATICFILES_STORAGE is {storage:?}"),
            "set it to \"manifest\" or \"plain\"",
        ));
    }
    for name in &settings.STATIC_PRECOMPRESS {
        if !Encoding::ALL.iter().any(|encoding| name.eq_ignore_ascii_case(encoding.name())) {
            findings.push(error(
                "staticfiles.E011",
                format!("STATIC_PRECOMPRESS names {name:?}"),
                "use \"gzip\" and \"br\"",
            ));
        }
    }
    findings
}

impl StaticFiles {
    /// What keeps an application without DEBUG from serving its static files.
    #[must_use]
    pub fn check_deployment(&self) -> Vec<Finding> {
        let hint = "set STATIC_ROOT and run collectstatic when you deploy";
        match (self.sources.is_empty(), &self.root) {
            (true, _) => Vec::new(),
            (false, None) => vec![warning("staticfiles.W012", "STATIC_ROOT is not set", hint)],
            (false, Some(_)) => match self.manifest() {
                Ok(None) if self.hashed => {
                    vec![warning("staticfiles.W013", "there is no manifest in STATIC_ROOT", hint)]
                }
                Err(broken) => vec![error("staticfiles.E014", broken.to_string(), hint)],
                Ok(_) => Vec::new(),
            },
        }
    }
}
