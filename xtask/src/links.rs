//! The links of the built book: each leads to a file that is there, and to an anchor that is in it.

use std::collections::{HashMap, HashSet};
use std::fmt;

/// A file of the book; the text is empty if it is no page.
pub(crate) struct Page {
    pub(crate) name: String,
    pub(crate) html: String,
}

/// A link that leads nowhere.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Broken {
    page: String,
    link: String,
    what: &'static str,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: the link `{}` leads to {}", self.page, self.link, self.what)
    }
}

/// Every link of these pages, of pictures too, that leads nowhere inside of the book.
pub(crate) fn broken(pages: &[Page]) -> Vec<Broken> {
    let anchors: HashMap<&str, HashSet<&str>> =
        pages.iter().map(|page| (page.name.as_str(), values(&page.html, "id").collect())).collect();
    let mut found = Vec::new();
    for page in pages {
        for link in values(&page.html, "href").chain(values(&page.html, "src")) {
            if is_elsewhere(link) {
                continue;
            }
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() { page.name.clone() } else { resolve(&page.name, path) };
            let what = match anchors.get(target.as_str()) {
                None => "a file that is not there",
                Some(ids) if !anchor.is_empty() && !ids.contains(anchor) => "an anchor that is not there",
                Some(_) => continue,
            };
            found.push(Broken { page: page.name.clone(), link: link.to_owned(), what });
        }
    }
    found.sort();
    found.dedup();
    found
}

/// Other sites are not asked: they come and go.
fn is_elsewhere(link: &str) -> bool {
    link.contains("://")
        || ["mailto:", "data:", "javascript:", "//"].iter().any(|start| link.starts_with(start))
}

/// The values of an attribute, in the order of the text. What code shows is no tag: there `<` is `&lt;`.
fn values<'a>(html: &'a str, attribute: &str) -> impl Iterator<Item = &'a str> {
    let start = format!(" {attribute}=\"");
    let tags = html.split('<').skip(1).map(|tag| tag.split('>').next().unwrap_or_default());
    tags.filter_map(move |tag| tag.split_once(&start)?.1.split('"').next())
}

/// `path` as seen from the page `from`; a folder is its `index.html`.
fn resolve(from: &str, path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    if path.ends_with('/') {
        parts.push("index.html");
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(html: &str) -> Vec<String> {
        let page = |name: &str, html: &str| Page { name: name.to_owned(), html: html.to_owned() };
        let pages = [
            page("a/page.html", html),
            page("other.html", r#"<h2 id="here">Here</h2>"#),
            page("a/picture.svg", ""),
            page("index.html", ""),
        ];
        broken(&pages).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn links_that_lead_somewhere() {
        for link in [
            "../other.html",
            "../other.html#here",
            "page.html",
            "#own",
            "https://example.com/gone#x",
            "mailto:somebody@example.com",
            "../",
            "../other.html?highlight=x#here",
        ] {
            assert!(found(&format!(r#"<p id="own"><a class="x" href="{link}">"#)).is_empty(), "{link}");
        }
        assert!(found(r#"<img src="picture.svg">"#).is_empty());
        assert!(found(r#"<code>&lt;script src="gone.js"&gt;</code>"#).is_empty());
    }

    #[test]
    fn links_that_lead_nowhere() {
        for (html, message) in [
            (
                r#"<a href="gone.html">"#,
                "a/page.html: the link `gone.html` leads to a file that is not there",
            ),
            (
                r#"<a href="../other.html#there">"#,
                "a/page.html: the link `../other.html#there` leads to an anchor that is not there",
            ),
            (r##"<a href="#own">"##, "a/page.html: the link `#own` leads to an anchor that is not there"),
            (r#"<img src="gone.svg">"#, "a/page.html: the link `gone.svg` leads to a file that is not there"),
        ] {
            assert_eq!(found(html), [message]);
        }
    }
}
