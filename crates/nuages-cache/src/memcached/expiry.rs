use crate::timeout::Timeout;

/// Up to 30 days memcached takes seconds from now, beyond that the time itself.
const LONGEST_RELATIVE: u64 = 30 * 24 * 3600;

/// A timeout as memcached takes it: 0 is for ever, -1 is over, and what is less than a second is nothing, as in
/// Django. `now` is in seconds since 1970.
pub(super) fn exptime(timeout: Timeout, now: i64) -> i64 {
    let Timeout::After(life) = timeout else { return 0 };
    match life.as_secs() {
        0 => -1,
        seconds if seconds <= LONGEST_RELATIVE => i64::try_from(seconds).unwrap_or(-1),
        // What memcached makes of a time after 2038, when its clock ends, is its affair and the same for Django.
        seconds => i64::try_from(seconds).ok().and_then(|seconds| now.checked_add(seconds)).unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn djangos_rules() {
        let now = 1_800_000_000;
        for (timeout, expected) in [
            (Timeout::Never, 0),
            (Timeout::from(0), -1),
            (Timeout::from(-5), -1),
            (Timeout::After(Duration::from_millis(999)), -1),
            (Timeout::After(Duration::from_millis(1999)), 1),
            (Timeout::from(300), 300),
            (Timeout::from(2_592_000), 2_592_000),
            (Timeout::from(2_592_001), now + 2_592_001),
            (Timeout::from(1_000_000_000), now + 1_000_000_000),
            (Timeout::from(i64::MAX), 0),
            (Timeout::After(Duration::MAX), 0),
        ] {
            assert_eq!(exptime(timeout, now), expected, "{timeout:?}");
        }
    }
}
