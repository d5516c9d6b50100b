//! The header Range (RFC 9110, section 14).

/// A part of a file: from the first byte to the one behind the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ByteRange {
    pub(super) start: u64,
    pub(super) end: u64,
}

/// What a Range header asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// All of it: there is no header, or one that is malformed, or that would cost more than all of it.
    Whole,
    /// Nothing that is there: 416.
    Nothing,
    /// These parts, in this order.
    Parts(Vec<ByteRange>),
}

/// More parts than anybody needs are an attack (CVE-2011-3192).
const MOST_PARTS: usize = 16;

impl ByteRange {
    pub(super) fn length(self) -> u64 {
        self.end.saturating_sub(self.start)
    }

    /// As in Content-Range.
    pub(super) fn of(self, length: u64) -> String {
        format!("bytes {}-{}/{length}", self.start, self.end.saturating_sub(1))
    }
}

pub(super) fn parse(header: &str, length: u64) -> Asked {
    let Some((unit, set)) = header.split_once('=') else { return Asked::Whole };
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return Asked::Whole;
    }
    let mut parts: Vec<ByteRange> = Vec::new();
    for (count, spec) in set.split(',').enumerate() {
        if count >= MOST_PARTS {
            return Asked::Whole;
        }
        match one(spec.trim_matches([' ', '\t']), length) {
            None => return Asked::Whole,
            Some(None) => {}
            Some(Some(range)) => parts.push(range),
        }
    }
    if parts.is_empty() {
        return Asked::Nothing;
    }
    let overlap = parts.iter().enumerate().any(|(position, a)| {
        parts.iter().skip(position.saturating_add(1)).any(|b| a.start < b.end && b.start < a.end)
    });
    if overlap { Asked::Whole } else { Asked::Parts(parts) }
}

/// One range; `None` if it is malformed, `Some(None)` if it lies behind the end.
fn one(spec: &str, length: u64) -> Option<Option<ByteRange>> {
    let (first, last) = spec.split_once('-')?;
    if first.is_empty() {
        let suffix = number(last)?;
        return Some(
            (suffix > 0 && length > 0)
                .then(|| ByteRange { start: length.saturating_sub(suffix), end: length }),
        );
    }
    let start = number(first)?;
    let end = if last.is_empty() { length } else { number(last)?.saturating_add(1) };
    if !last.is_empty() && end <= start {
        return None;
    }
    Some((start < length).then(|| ByteRange { start, end: end.min(length) }))
}

/// Digits alone; a number beyond all bounds is as good as the largest.
fn number(text: &str) -> Option<u64> {
    if text.is_empty() || text.len() > 64 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(text.parse().unwrap_or(u64::MAX - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ranges_ask_for() {
        let parts = |parts: &[(u64, u64)]| {
            Asked::Parts(parts.iter().map(|(start, end)| ByteRange { start: *start, end: *end }).collect())
        };
        for (header, expected) in [
            ("bytes=0-0", parts(&[(0, 1)])),
            ("Bytes = 0-4", parts(&[(0, 5)])),
            ("bytes=5-", parts(&[(5, 10)])),
            ("bytes=-3", parts(&[(7, 10)])),
            ("bytes=-300", parts(&[(0, 10)])),
            ("bytes=2-99", parts(&[(2, 10)])),
            ("bytes=0-18446744073709551616", parts(&[(0, 10)])),
            ("bytes=-18446744073709551616", parts(&[(0, 10)])),
            ("bytes=0-1, 8-", parts(&[(0, 2), (8, 10)])),
            ("bytes=0-1,50-60", parts(&[(0, 2)])),
            ("bytes=10-", Asked::Nothing),
            ("bytes=18446744073709551615-", Asked::Nothing),
            ("bytes=99999999999999999999-", Asked::Nothing),
            ("bytes=-0", Asked::Nothing),
            ("bytes=5-4", Asked::Whole),
            ("bytes=0-5,3-8", Asked::Whole),
            ("bytes=0-0,0-0", Asked::Whole),
            ("bytes=", Asked::Whole),
            ("bytes=-", Asked::Whole),
            ("bytes=a-b", Asked::Whole),
            ("bytes=+1-2", Asked::Whole),
            ("bytes=1-2-3", Asked::Whole),
            ("lines=1-2", Asked::Whole),
            ("nonsense", Asked::Whole),
        ] {
            assert_eq!(parse(header, 10), expected, "{header}");
        }
        let thousand = (0..1000).map(|n| format!("{n}-{n}")).collect::<Vec<_>>().join(",");
        assert_eq!(parse(&format!("bytes={thousand}"), 5000), Asked::Whole);
        assert_eq!(parse("bytes=0-0", 0), Asked::Nothing);
        assert_eq!(parse("bytes=-1", 0), Asked::Nothing);
    }
}
