//! Links to pages.

use std::fmt;

/// A link to a page, or a gap between them.
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
