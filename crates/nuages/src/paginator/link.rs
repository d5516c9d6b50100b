//! Links to pages.

use std::fmt;

/// A link to a page, or a gap between them.
///
/// ```
/// use nuages::{PageLink, Paginator};
///
/// let links = Paginator::new(100, 10).elided_page_range(5, 1, 1);
/// let texts: Vec<String> = links.map(|link: PageLink| link.to_string()).collect();
/// assert_eq!(texts, ["1", "…", "4", "5", "6", "…", "10"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageLink {
    /// The page of this number.
    Page(usize),
    /// Pages that are left out.
    Gap,
}

impl fmt::Display for PageLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Page(number) => number.fmt(f),
            Self::Gap => f.write_str("…"),
        }
    }
}
