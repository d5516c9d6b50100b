//! The header Range (RFC 9110, section 14): which bytes of a file a client wants.

/// A header with more ranges is passed over: it only makes work (CVE-2011-3192).
const MOST: usize = 16;

/// Some bytes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteRange {
    /// The first byte.
    pub start: u64,
    /// How many; at least one.
    pub length: u64,
}

impl ByteRange {
    /// The last byte.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.start.saturating_add(self.length).saturating_sub(1)
    }
}

/// What a Range header asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ranges {
    /// Everything: the header is malformed, of another unit, has more than 16 ranges, or they ask for more than there is.
    Whole,
    /// These bytes.
    Some(Vec<ByteRange>),
    /// Bytes that there are not; status 416.
    Unsatisfiable,
}

/// What this Range header asks for, of a file of `length` bytes.
///
/// ```
/// use nuages_http::byte_range::{ByteRange, Ranges, parse_range};
/// assert_eq!(parse_range("bytes=0-99", 1000), Ranges::Some(vec![ByteRange { start: 0, length: 100 }]));
/// assert_eq!(parse_range("bytes=-1", 1000), Ranges::Some(vec![ByteRange { start: 999, length: 1 }]));
/// assert_eq!(parse_range("bytes=1000-", 1000), Ranges::Unsatisfiable);
/// ```
#[must_use]
pub fn parse_range(header: &str, length: u64) -> Ranges {
    match ranges(header, length) {
        None => Ranges::Whole,
        Some(ranges) if ranges.is_empty() => Ranges::Unsatisfiable,
        Some(ranges) => {
            let asked = ranges.iter().fold(0_u64, |sum, range| sum.saturating_add(range.length));
            if asked > length { Ranges::Whole } else { Ranges::Some(ranges) }
        }
    }
}

/// None if the header is to be passed over.
fn ranges(header: &str, length: u64) -> Option<Vec<ByteRange>> {
    let (unit, list) = header.split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    let mut ranges = Vec::new();
    let mut count = 0;
    for part in list.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        count += 1;
        if count > MOST {
            return None;
        }
        ranges.extend(range(part, length)?);
    }
    (count > 0).then_some(ranges)
}

/// None if it is malformed, `Some(None)` if there are no such bytes.
fn range(part: &str, length: u64) -> Option<Option<ByteRange>> {
    let (first, last) = part.split_once('-')?;
    if first.is_empty() {
        let length_wanted = number(last)?.min(length);
        let start = length.saturating_sub(length_wanted);
        return Some((length_wanted > 0).then_some(ByteRange { start, length: length_wanted }));
    }
    let start = number(first)?;
    let end = if last.is_empty() { u64::MAX } else { number(last)? };
    if end < start {
        return None;
    }
    if start >= length {
        return Some(None);
    }
    let end = end.min(length.saturating_sub(1));
    Some(Some(ByteRange { start, length: end.saturating_sub(start).saturating_add(1) }))
}

/// Digits; those beyond 64 bits are the largest number there is.
fn number(digits: &str) -> Option<u64> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers() {
        let some = |ranges: &[(u64, u64)]| {
            Ranges::Some(
                ranges.iter().map(|(start, length)| ByteRange { start: *start, length: *length }).collect(),
            )
        };
        for (header, expected) in [
            ("bytes=0-0", some(&[(0, 1)])),
            ("bytes=0-", some(&[(0, 10)])),
            ("Bytes = 2-3", some(&[(2, 2)])),
            ("bytes=5-99", some(&[(5, 5)])),
            ("bytes=-3", some(&[(7, 3)])),
            ("bytes=-99", some(&[(0, 10)])),
            ("bytes=0-1, 4-5,,-1", some(&[(0, 2), (4, 2), (9, 1)])),
            ("bytes=0-1,50-60", some(&[(0, 2)])),
            ("bytes=9-18446744073709551616", some(&[(9, 1)])),
            ("bytes=10-", Ranges::Unsatisfiable),
            ("bytes=18446744073709551616-", Ranges::Unsatisfiable),
            ("bytes=-0", Ranges::Unsatisfiable),
            ("bytes=3-2", Ranges::Whole),
            ("bytes=", Ranges::Whole),
            ("bytes=a-b", Ranges::Whole),
            ("bytes=+1-2", Ranges::Whole),
            ("bytes=-", Ranges::Whole),
            ("lines=0-1", Ranges::Whole),
            ("0-1", Ranges::Whole),
            ("bytes=0-9,0-9", Ranges::Whole),
        ] {
            assert_eq!(parse_range(header, 10), expected, "{header}");
        }
        assert_eq!(parse_range("bytes=0-", 0), Ranges::Unsatisfiable);
    }

    #[test]
    fn many_ranges_are_passed_over() {
        let header = |count: u64| {
            format!("bytes={}", (0..count).map(|at| format!("{0}-{0}", at * 2)).collect::<Vec<_>>().join(","))
        };
        assert!(matches!(parse_range(&header(16), 1000), Ranges::Some(ranges) if ranges.len() == 16));
        assert_eq!(parse_range(&header(17), 1000), Ranges::Whole);
        assert_eq!(parse_range(&header(100_000), 1_000_000), Ranges::Whole);
    }
}
