//! What a [`QueryDict`] looks like: as a query string, and for people.

use std::fmt;

use super::QueryDict;
use crate::encoding::CodecError;
use crate::quoting::{push_quoted, push_quoted_plus};

impl QueryDict {
    /// The query string of these fields; blanks become plus signs.
    ///
    /// # Errors
    ///
    /// [`CodecError`] if the encoding is unknown or lacks a character; never in UTF-8.
    pub fn urlencode(&self) -> Result<String, CodecError> {
        self.write_fields(push_quoted_plus)
    }

    /// The query string of these fields, in which the characters of `safe` are not escaped and blanks become `%20`.
    ///
    /// ```
    /// use nuages_http::QueryDict;
    ///
    /// let mut query = QueryDict::mutable();
    /// query.set("next", "/a&b/")?;
    /// assert_eq!(query.urlencode()?, "next=%2Fa%26b%2F");
    /// assert_eq!(query.urlencode_safe("/")?, "next=/a%26b/");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`CodecError`] if the encoding is unknown or lacks a character; never in UTF-8.
    pub fn urlencode_safe(&self, safe: &str) -> Result<String, CodecError> {
        if safe.is_empty() {
            return self.urlencode();
        }
        let safe = self.encoding.encode(safe)?;
        self.write_fields(|output, bytes| push_quoted(output, bytes, &safe))
    }

    fn write_fields(&self, quote: impl Fn(&mut String, &[u8])) -> Result<String, CodecError> {
        let mut output = String::new();
        for (key, list) in self.lists() {
            for value in list {
                if !output.is_empty() {
                    output.push('&');
                }
                quote(&mut output, &self.encoding.encode(key)?);
                output.push('=');
                quote(&mut output, &self.encoding.encode(value)?);
            }
        }
        Ok(output)
    }
}

/// Two dictionaries are equal if they have the same fields with the same lists; the order of the fields is free.
impl PartialEq for QueryDict {
    fn eq(&self, other: &Self) -> bool {
        self.by_name() == other.by_name()
    }
}

impl Eq for QueryDict {}

/// Shows names and values, but not the values of fields that sound secret: Django's rule for its error pages.
impl fmt::Debug for QueryDict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = formatter.debug_map();
        for (key, list) in self.lists() {
            if sounds_secret(key) {
                map.entry(&key, &"********************");
            } else {
                map.entry(&key, &list);
            }
        }
        map.finish()
    }
}

fn sounds_secret(key: &str) -> bool {
    let key = key.to_ascii_uppercase();
    ["API", "AUTH", "TOKEN", "KEY", "SECRET", "PASS", "SIGNATURE", "SESSION"]
        .iter()
        .any(|word| key.contains(word))
}

#[cfg(test)]
mod tests {
    use super::QueryDict;

    #[test]
    fn debug_hides_what_sounds_secret() {
        let query = QueryDict::parse("user=anna&Password=hunter2&csrfmiddlewaretoken=abc").expect("parses");
        let shown = format!("{query:?}");
        assert!(shown.contains("anna") && !shown.contains("hunter2") && !shown.contains("abc"), "{shown}");
    }
}
