//! One page.

use std::ops::Deref;

use super::Paginator;

/// Which part of a list a page is.
///
/// ```
/// use nuages::{PageNumbers, Paginator};
///
/// // The items may stay in the database: OFFSET and LIMIT of its query.
/// let numbers: PageNumbers = Paginator::new(25, 10).numbers(3)?;
/// assert_eq!((numbers.offset(), numbers.limit()), (20, 5));
/// assert_eq!((numbers.previous_page_number(), numbers.next_page_number()), (Some(2), None));
/// # Ok::<(), nuages::InvalidPage>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageNumbers {
    pub(super) paginator: Paginator,
    pub(super) number: usize,
}

impl PageNumbers {
    /// Its number, from 1 on.
    #[must_use]
    pub fn number(&self) -> usize {
        self.number
    }

    /// How many pages there are.
    #[must_use]
    pub fn num_pages(&self) -> usize {
        self.paginator.num_pages()
    }

    /// How many items stand before it.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.number.saturating_sub(1).saturating_mul(self.paginator.per_page)
    }

    /// How many items are on it.
    #[must_use]
    pub fn limit(&self) -> usize {
        let Paginator { count, per_page, orphans, .. } = self.paginator;
        let top = self.offset().saturating_add(per_page);
        let is_last = top.saturating_add(orphans) >= count;
        if is_last { count.saturating_sub(self.offset()) } else { per_page }
    }

    /// Is there a page behind it?
    #[must_use]
    pub fn has_next(&self) -> bool {
        self.number < self.num_pages()
    }

    /// Is there a page before it?
    #[must_use]
    pub fn has_previous(&self) -> bool {
        self.number > 1
    }

    /// Is there another page?
    #[must_use]
    pub fn has_other_pages(&self) -> bool {
        self.has_previous() || self.has_next()
    }

    /// The number of the next page, if there is one.
    #[must_use]
    pub fn next_page_number(&self) -> Option<usize> {
        self.has_next().then(|| self.number.saturating_add(1))
    }

    /// The number of the page before, if there is one.
    #[must_use]
    pub fn previous_page_number(&self) -> Option<usize> {
        self.has_previous().then(|| self.number.saturating_sub(1))
    }

    /// The place of its first item in the whole list, from 1 on; 0 if the list is empty.
    #[must_use]
    pub fn start_index(&self) -> usize {
        if self.paginator.count == 0 { 0 } else { self.offset().saturating_add(1) }
    }

    /// The place of its last item in the whole list.
    #[must_use]
    pub fn end_index(&self) -> usize {
        self.offset().saturating_add(self.limit())
    }
}

/// One page of a list: its items, and where they stand.
///
/// ```
/// use nuages::Paginator;
///
/// let letters: Vec<char> = ('a'..='g').collect();
/// let page = Paginator::new(letters.len(), 3).get_page(&letters, "2");
/// assert_eq!(page.object_list(), ['d', 'e', 'f']);
/// assert_eq!((page.number(), page.num_pages(), page.start_index(), page.has_next()), (2, 3, 4, true));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page<'a, T> {
    pub(super) items: &'a [T],
    pub(super) numbers: PageNumbers,
}

impl<'a, T> Page<'a, T> {
    /// The items.
    #[must_use]
    pub fn object_list(&self) -> &'a [T] {
        self.items
    }

    /// Where they stand; the methods of [`PageNumbers`] of the same names.
    #[must_use]
    pub fn numbers(&self) -> PageNumbers {
        self.numbers
    }
}

macro_rules! of_numbers {
    ($($(#[doc = $doc:literal])+ $method:ident: $kind:ty;)+) => {
        impl<T> Page<'_, T> {
            $($(#[doc = $doc])+
            #[must_use]
            pub fn $method(&self) -> $kind {
                self.numbers.$method()
            })+
        }
    };
}
of_numbers! {
    /// Its number, from 1 on.
    number: usize;
    /// How many pages there are.
    num_pages: usize;
    /// Is there a page behind it?
    has_next: bool;
    /// Is there a page before it?
    has_previous: bool;
    /// Is there another page?
    has_other_pages: bool;
    /// The number of the next page, if there is one.
    next_page_number: Option<usize>;
    /// The number of the page before, if there is one.
    previous_page_number: Option<usize>;
    /// The place of its first item in the whole list, from 1 on; 0 if the list is empty.
    start_index: usize;
    /// The place of its last item in the whole list.
    end_index: usize;
}

impl<T> Deref for Page<'_, T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.items
    }
}
