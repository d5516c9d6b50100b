//! Names of templates: which are safe, what relative ones mean, and what minijinja knows a template by.

use std::fmt;

/// The name of a template that another one names; `itself` says whether a relative name may mean that one.
///
/// # Errors
///
/// The name leads out of the folders, or to the template itself.
pub(crate) fn absolute(template: &str, name: &str, itself: bool) -> Result<String, String> {
    if !name.starts_with("./") && !name.starts_with("../") {
        return Ok(name.to_owned());
    }
    let template = template.trim_start_matches('/');
    let folder = template.rfind('/').map_or("", |at| &template[..at]);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.pop().is_none() => {
                return Err(format!(
                    "the relative name '{name}' leads out of the folder in which '{template}' is"
                ));
            }
            ".." => {}
            part => parts.push(part),
        }
    }
    let found = parts.join("/");
    if !itself && found == template {
        return Err(format!("the relative name '{name}' means the template in which it is"));
    }
    Ok(found)
}

/// The path of a template beneath a folder, or nothing if the name leads out of it.
pub(crate) fn beneath(name: &str) -> Option<String> {
    if name.starts_with('/') || name.contains(['\\', '\0']) {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            // A drive of Windows.
            part if part.contains(':') && cfg!(windows) => return None,
            part => parts.push(part),
        }
    }
    (!parts.is_empty() && !name.ends_with('/')).then(|| parts.join("/"))
}

/// What minijinja knows a template by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Internal {
    /// Its name.
    pub(crate) name: String,
    /// How many of the places that have it are passed over: a template may extend the next one of its own name.
    pub(crate) skipped: usize,
    /// Whether it is included where escaping is off.
    pub(crate) plain: bool,
}

/// What no name of a template has in it.
const MARK: char = '\0';

impl Internal {
    pub(crate) fn parse(internal: &str) -> Self {
        let Some((name, flags)) = internal.split_once(MARK) else {
            return Self { name: internal.to_owned(), skipped: 0, plain: false };
        };
        let (plain, skipped) = flags.strip_prefix('-').map_or((false, flags), |skipped| (true, skipped));
        Self { name: name.to_owned(), skipped: skipped.parse().unwrap_or(0), plain }
    }

    /// Whether escaping is off in it from the start.
    pub(crate) fn is_plain(internal: &str) -> bool {
        internal.split_once(MARK).is_some_and(|(_, flags)| flags.starts_with('-'))
    }
}

impl fmt::Display for Internal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The mark in a name would end it; such a template does not exist.
        f.write_str(self.name.split(MARK).next().unwrap_or_default())?;
        if self.skipped > 0 || self.plain || self.name.contains(MARK) {
            let flag = if self.plain { "-" } else { "" };
            let skipped = if self.name.contains(MARK) { usize::MAX } else { self.skipped };
            write!(f, "{MARK}{flag}{skipped}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_name_is_beside_the_template() {
        let cases = [
            ("a/b.html", "./c.html", Ok("a/c.html")),
            ("a/b.html", "../c.html", Ok("c.html")),
            ("a/b.html", "./d/../c.html", Ok("a/c.html")),
            ("b.html", "./c.html", Ok("c.html")),
            ("a/b.html", "c.html", Ok("c.html")),
            ("a/b.html", "../../c.html", Err(())),
            ("a/b.html", "./b.html", Err(())),
            ("a/b.html", "../a/b.html", Err(())),
        ];
        for (template, name, expected) in cases {
            assert_eq!(
                absolute(template, name, false).ok(),
                expected.ok().map(str::to_owned),
                "{template} {name}"
            );
        }
        assert_eq!(absolute("a/b.html", "./b.html", true).as_deref(), Ok("a/b.html"));
    }

    #[test]
    fn a_name_that_leads_out_is_no_template() {
        let cases = [
            ("a.html", Some("a.html")),
            ("a/./b.html", Some("a/b.html")),
            ("a/../b.html", Some("b.html")),
            ("a//b.html", Some("a/b.html")),
            ("../a.html", None),
            ("a/../../b.html", None),
            ("/etc/passwd", None),
            ("a\\b", None),
            ("..\\a", None),
            ("a\0.html", None),
            ("", None),
            (".", None),
            ("a/", None),
        ];
        for (name, expected) in cases {
            assert_eq!(beneath(name).as_deref(), expected, "{name:?}");
        }
    }

    #[test]
    fn an_internal_name_comes_back() {
        for (skipped, plain) in [(0, false), (1, false), (0, true), (2, true)] {
            let internal = Internal { name: "a/b.html".to_owned(), skipped, plain };
            assert_eq!(Internal::parse(&internal.to_string()), internal);
            assert_eq!(Internal::is_plain(&internal.to_string()), plain);
        }
        let odd = Internal { name: "a\0".to_owned(), skipped: 0, plain: false };
        assert_eq!(Internal::parse(&odd.to_string()).skipped, usize::MAX);
    }
}
