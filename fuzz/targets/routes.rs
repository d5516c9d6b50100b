//! Patterns of routes and the paths that they meet: the index finds what the ordered list finds.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nuages_urls::{Converters, Entry, Resolver};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut lines = text.split('\n');
    let path = lines.next().unwrap_or_default();
    let entry = |(number, pattern): (usize, &str)| match pattern.strip_prefix('~') {
        Some(regex) => Entry::re_path(regex, number),
        None => Entry::path(pattern, number),
    };
    let routes: Vec<Entry<usize>> = lines.take(8).enumerate().map(entry).collect();
    let Ok(resolver) = Resolver::new(routes, &Converters::default()) else { return };
    for path in [path, &format!("/{path}")] {
        let indexed = resolver.resolve(path).map(|found| *found.target());
        let linear = resolver.resolve_linear(path).map(|found| *found.target());
        assert_eq!(indexed, linear, "{path:?}");
    }
});
