//! `Paginator`: a long list, a page at a time.

mod invalid;
mod link;
mod page;

use std::ops::RangeInclusive;

pub use invalid::InvalidPage;
pub use link::PageLink;
pub use page::{Page, PageNumbers};

/// Cuts a list into pages (`django.core.paginator.Paginator`).
///
/// It knows only how long the list is, so that a page can be asked of a database by
/// [`offset`](PageNumbers::offset) and [`limit`](PageNumbers::limit); [`page`](Self::page) cuts a list that is in memory.
///
/// ```
/// use nuages::Paginator;
/// let letters = ["a", "b", "c", "d", "e"];
/// let paginator = Paginator::new(letters.len(), 2);
/// let page = paginator.page(&letters, 2)?;
/// assert_eq!(*page, ["c", "d"]);
/// assert!(page.has_previous() && page.has_next());
/// assert_eq!((page.start_index(), page.end_index(), page.num_pages()), (3, 4, 3));
/// assert_eq!(*paginator.get_page(&letters, "99"), ["e"]);
/// assert_eq!((paginator.count(), paginator.page_range()), (5, 1..=3));
/// assert_eq!(paginator.orphans(1).num_pages(), 2, "one letter more stays on the page before");
/// # Ok::<(), nuages::InvalidPage>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paginator {
    count: usize,
    per_page: usize,
    orphans: usize,
    allow_empty_first_page: bool,
}

impl Paginator {
    /// For a list of `count` items, `per_page` on a page (at least one).
    #[must_use]
    pub fn new(count: usize, per_page: usize) -> Self {
        Self { count, per_page: per_page.max(1), orphans: 0, allow_empty_first_page: true }
    }

    /// Up to so many items that would be left for the last page go to the one before it.
    #[must_use]
    pub fn orphans(mut self, orphans: usize) -> Self {
        self.orphans = orphans;
        self
    }

    /// With `false`, an empty list has no page at all, in place of an empty one.
    #[must_use]
    pub fn allow_empty_first_page(mut self, allow: bool) -> Self {
        self.allow_empty_first_page = allow;
        self
    }

    /// How many items there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// How many pages there are.
    #[must_use]
    pub fn num_pages(&self) -> usize {
        if self.count == 0 && !self.allow_empty_first_page {
            return 0;
        }
        self.count.saturating_sub(self.orphans).max(1).div_ceil(self.per_page)
    }

    /// The numbers of all pages, from 1 on.
    #[must_use]
    pub fn page_range(&self) -> RangeInclusive<usize> {
        1..=self.num_pages()
    }

    /// Which part of the list a page is.
    ///
    /// # Errors
    /// [`InvalidPage`] for a number that no page has.
    pub fn numbers(&self, number: usize) -> Result<PageNumbers, InvalidPage> {
        if number < 1 {
            return Err(InvalidPage::BelowOne);
        }
        if number > self.num_pages() {
            return Err(InvalidPage::Empty);
        }
        Ok(PageNumbers { paginator: *self, number })
    }

    /// A page of a list; of one that is shorter than was said, what there is.
    ///
    /// # Errors
    /// As [`numbers`](Self::numbers).
    pub fn page<'a, T>(&self, list: &'a [T], number: usize) -> Result<Page<'a, T>, InvalidPage> {
        let numbers = self.numbers(number)?;
        let start = numbers.offset().min(list.len());
        let end = start.saturating_add(numbers.limit()).min(list.len());
        Ok(Page { items: list.get(start..end).unwrap_or(&[]), numbers })
    }

    /// The page that a visitor asked for, whatever was asked: the first one if it is no number, the last one if there is
    /// no such page (`Paginator.get_page`).
    #[must_use]
    pub fn get_page<'a, T>(&self, list: &'a [T], asked: impl AsRef<str>) -> Page<'a, T> {
        let numbers = self.get_numbers(asked);
        self.page(list, numbers.number).unwrap_or(Page { items: &[], numbers })
    }

    /// The same without a list.
    #[must_use]
    pub fn get_numbers(&self, asked: impl AsRef<str>) -> PageNumbers {
        let number = match self.parse(asked.as_ref()) {
            Ok(number) => number,
            Err(InvalidPage::NotANumber) => 1,
            Err(_) => self.num_pages().max(1),
        };
        PageNumbers { paginator: *self, number }
    }

    /// The number of a page, from text that a visitor sent.
    ///
    /// # Errors
    /// [`InvalidPage`] for what is no number, and for a number that no page has.
    pub fn parse(&self, asked: &str) -> Result<usize, InvalidPage> {
        let asked = asked.trim();
        let digits = asked.strip_prefix(['+', '-']).unwrap_or(asked);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(InvalidPage::NotANumber);
        }
        let is_negative = asked.starts_with('-');
        // Digits that are too many for a number are a page beyond the last one.
        let number = if is_negative { 0 } else { digits.parse().unwrap_or(usize::MAX) };
        self.numbers(number).map(|numbers| numbers.number)
    }

    /// The numbers for links to pages, with gaps where there are too many: `on_each_side` pages beside `number`, and
    /// `on_ends` at both ends (Django: 3 and 2).
    ///
    /// ```
    /// use nuages::Paginator;
    /// let links: Vec<String> =
    ///     Paginator::new(500, 10).elided_page_range(43, 3, 2).map(|link| link.to_string()).collect();
    /// assert_eq!(links.join(" "), "1 2 … 40 41 42 43 44 45 46 … 49 50");
    /// ```
    pub fn elided_page_range(
        &self,
        number: usize,
        on_each_side: usize,
        on_ends: usize,
    ) -> impl Iterator<Item = PageLink> + use<> {
        let pages = self.num_pages();
        let number = number.clamp(1, pages.max(1));
        let near = on_each_side.saturating_add(on_ends);
        let all = pages <= near.saturating_mul(2);
        let gap_before = !all && number > near.saturating_add(2);
        let gap_after = !all && number < pages.saturating_sub(near).saturating_sub(1);
        let first_near = number.saturating_sub(on_each_side);
        let last_near = number.saturating_add(on_each_side);
        let first_end = pages.saturating_sub(on_ends);
        let mut in_gap = false;
        (1..=pages).filter_map(move |page| {
            let hidden = (gap_before && page > on_ends && page < first_near)
                || (gap_after && page > last_near && page <= first_end);
            let begins = hidden && !in_gap;
            in_gap = hidden;
            match (hidden, begins) {
                (false, _) => Some(PageLink::Page(page)),
                (true, true) => Some(PageLink::Gap),
                (true, false) => None,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages() {
        // count, per page, orphans, empty first page allowed: pages, and the items of the last one.
        for (count, per_page, orphans, empty, pages, last) in [
            (10, 4, 0, true, 3, 9..=10),
            (9, 4, 1, true, 2, 5..=9),
            (10, 4, 1, true, 3, 9..=10),
            (10, 4, 6, true, 1, 1..=10),
            (10, 1, 0, true, 10, 10..=10),
            (1, 4, 4, true, 1, 1..=1),
            (7, 0, 0, true, 7, 7..=7),
        ] {
            let paginator = Paginator::new(count, per_page).orphans(orphans).allow_empty_first_page(empty);
            assert_eq!(paginator.num_pages(), pages, "{paginator:?}");
            let page = paginator.numbers(pages).unwrap();
            assert_eq!(page.start_index()..=page.end_index(), last, "{paginator:?}");
        }
        let empty = Paginator::new(0, 4);
        assert_eq!((empty.num_pages(), empty.numbers(1).unwrap().start_index()), (1, 0));
        let none = empty.allow_empty_first_page(false);
        assert_eq!((none.num_pages(), none.numbers(1)), (0, Err(InvalidPage::Empty)));
        assert_eq!(none.get_page(&[0_u8; 0], "1").len(), 0);
    }

    #[test]
    fn what_visitors_ask() {
        let paginator = Paginator::new(30, 10);
        for (asked, parsed, given) in [
            ("2", Ok(2), 2),
            (" 3 ", Ok(3), 3),
            ("", Err(InvalidPage::NotANumber), 1),
            ("x", Err(InvalidPage::NotANumber), 1),
            ("1.5", Err(InvalidPage::NotANumber), 1),
            ("0", Err(InvalidPage::BelowOne), 3),
            ("-1", Err(InvalidPage::BelowOne), 3),
            ("4", Err(InvalidPage::Empty), 3),
            ("99999999999999999999999999", Err(InvalidPage::Empty), 3),
        ] {
            assert_eq!(paginator.parse(asked), parsed, "{asked}");
            assert_eq!(paginator.get_numbers(asked).number(), given, "{asked}");
        }
        assert_eq!(InvalidPage::Empty.into_404().status(), 404);
    }

    /// Recorded from Django.
    #[test]
    fn elided_ranges() {
        for (pages, number, on_each_side, on_ends, expected) in [
            (10, 1, 3, 2, "1 2 3 4 5 6 7 8 9 10"),
            (11, 1, 3, 2, "1 2 3 4 … 10 11"),
            (20, 7, 3, 2, "1 2 3 4 5 6 7 8 9 10 … 19 20"),
            (20, 8, 3, 2, "1 2 … 5 6 7 8 9 10 11 … 19 20"),
            (20, 13, 3, 2, "1 2 … 10 11 12 13 14 15 16 … 19 20"),
            (20, 14, 3, 2, "1 2 … 11 12 13 14 15 16 17 18 19 20"),
            (20, 20, 3, 2, "1 2 … 17 18 19 20"),
            (20, 10, 1, 1, "1 … 9 10 11 … 20"),
            (20, 10, 0, 0, "… 10 …"),
        ] {
            let links = Paginator::new(pages, 1).elided_page_range(number, on_each_side, on_ends);
            let links: Vec<String> = links.map(|link| link.to_string()).collect();
            assert_eq!(links.join(" "), expected, "{pages} {number}");
        }
    }
}
