//! Python's `fnmatch.fnmatchcase`: `*`, `?`, `[abc]`, `[!abc]`; a star takes slashes too.

/// Does the text match the pattern? Takes time proportional to the product of their lengths.
pub(super) fn matches(text: &str, pattern: &str) -> bool {
    let (text, pattern): (Vec<char>, Vec<char>) = (text.chars().collect(), pattern.chars().collect());
    let (mut at, mut in_pattern) = (0, 0);
    // Where to go on after the last star, with one more character given to it.
    let mut retry: Option<(usize, usize)> = None;
    loop {
        let step = match (pattern.get(in_pattern), text.get(at)) {
            (Some('*'), _) => {
                in_pattern += 1;
                retry = Some((in_pattern, at));
                continue;
            }
            (Some(_), Some(found)) => one(&pattern, in_pattern, *found),
            (None, None) => return true,
            _ => None,
        };
        if let Some(next) = step {
            (at, in_pattern) = (at + 1, next);
        } else if let Some((after_star, given)) = retry.filter(|(_, given)| *given < text.len()) {
            retry = Some((after_star, given + 1));
            (at, in_pattern) = (given + 1, after_star);
        } else {
            return false;
        }
    }
}

/// Where the pattern goes on if what stands at this position takes the character.
fn one(pattern: &[char], position: usize, found: char) -> Option<usize> {
    match pattern.get(position)? {
        '?' => Some(position + 1),
        '[' => {
            let first = position + 1;
            let negated = pattern.get(first) == Some(&'!');
            let start = first + usize::from(negated);
            // A bracket that comes first stands for itself; one that is never closed too.
            let Some(end) = (start + 1..pattern.len()).find(|end| pattern.get(*end) == Some(&']')) else {
                return (found == '[').then_some(position + 1);
            };
            let set = pattern.get(start..end)?;
            (in_set(set, found) != negated).then_some(end + 1)
        }
        literal => (*literal == found).then_some(position + 1),
    }
}

fn in_set(mut set: &[char], found: char) -> bool {
    loop {
        set = match set {
            [low, '-', high, rest @ ..] => {
                if (*low..=*high).contains(&found) {
                    return true;
                }
                rest
            }
            [only, rest @ ..] => {
                if *only == found {
                    return true;
                }
                rest
            }
            [] => return false,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (text, pattern, expected) in [
            ("a.css", "*.css", true),
            ("deep/a.css", "*.css", true),
            ("a.css.map", "*.css", false),
            (".git", ".*", true),
            ("a~", "*~", true),
            ("CVS", "CVS", true),
            ("abc", "a?c", true),
            ("abc", "a[bx]c", true),
            ("abc", "a[!b]c", false),
            ("a5c", "a[0-9]c", true),
            ("a[c", "a[c", true),
            ("aab", "*ab", true),
            ("", "*", true),
            ("", "?", false),
            ("x", "", false),
        ] {
            assert_eq!(matches(text, pattern), expected, "{text} {pattern}");
        }
        assert!(!matches(&"a".repeat(5_000), &format!("{}b", "*a".repeat(50))));
    }
}
