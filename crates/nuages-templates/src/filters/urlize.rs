//! `urlize` and `urlizetrunc`.

use minijinja::{Error, State, Value};
use unicode_normalization::UnicodeNormalization as _;

use super::input::{autoescape, required_int, safe};
use super::urls::{quote, unquote};
use super::{ArgCount, Filter};
use crate::escape::escape;
use crate::python::{self, html_unescape, is_space, is_word};

pub(super) const FILTERS: &[Filter] = &[
    Filter::new("urlize", ArgCount::None, urlize).safe(),
    Filter::new("urlizetrunc", ArgCount::Required, urlizetrunc).safe(),
];

/// What is longer is no link: Django's `MAX_URL_LENGTH`.
const LONGEST_URL: usize = 2048;
/// What an address may have before its `@` without quotes, besides letters, digits and dots.
const IN_ADDRESS: &str = "-!#$%&'*+/=?^_`{}|~";
/// RFC 3986's delimiters.
const DELIMITERS: &str = "!$&'()*+,;=:/?#[]@~";

fn urlize(state: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    Ok(linked(value, None, autoescape(state)))
}

fn urlizetrunc(state: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
    let limit = usize::try_from(required_int("urlizetrunc", arg)?.max(0)).unwrap_or(usize::MAX);
    Ok(linked(value, Some(limit), autoescape(state)))
}

fn linked(value: &Value, limit: Option<usize>, autoescape: bool) -> Value {
    let text = python::str(value);
    let escapes = autoescape && !value.is_safe();
    let between = |c: char| is_space(c) || matches!(c, '<' | '>' | '"' | '\'');
    let mut html = String::with_capacity(text.len() + text.len() / 4);
    let mut rest = &*text;
    while !rest.is_empty() {
        let end = rest.find(between).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        write_word(&mut html, word, limit, escapes);
        let end = after.find(|c| !between(c)).unwrap_or(after.len());
        html.push_str(&if escapes { escape(&after[..end]) } else { after[..end].into() });
        rest = &after[end..];
    }
    safe(html)
}

fn write_word(html: &mut String, word: &str, limit: Option<usize>, escapes: bool) {
    let shown = |text: &str| if escapes { escape(text).into_owned() } else { text.to_owned() };
    if word.contains(['.', '@', ':']) {
        let (lead, middle, trail) = trimmed(word);
        if let Some((url, attributes)) = target(middle) {
            let name = match limit {
                Some(limit) if middle.chars().count() > limit => {
                    middle.chars().take(limit.saturating_sub(1)).chain(['…']).collect()
                }
                _ => middle.to_owned(),
            };
            html.push_str(&shown(lead));
            html.push_str(&format!("<a href=\"{}\"{attributes}>{}</a>", escape(&url), shown(&name)));
            html.push_str(&shown(trail));
            return;
        }
    }
    html.push_str(&shown(word));
}

/// Where a word leads to, and the attributes of such a link.
fn target(word: &str) -> Option<(String, &'static str)> {
    const NOFOLLOW: &str = " rel=\"nofollow\"";
    let short = word.chars().nth(LONGEST_URL).is_none();
    if short && is_url(word) {
        return Some((smart_urlquote(&html_unescape(word)), NOFOLLOW));
    }
    if short && is_domain(word) {
        return Some((smart_urlquote(&format!("http://{}", html_unescape(word))), NOFOLLOW));
    }
    if !word.contains(':') && is_email(word) {
        let (local, domain) = word.rsplit_once('@')?;
        return Some((format!("mailto:{}@{}", quote(local, ""), quote(domain, "")), ""));
    }
    None
}

fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let start = text.get(..prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

/// `http://` or `https://`, and something that could be a host.
fn is_url(word: &str) -> bool {
    let rest =
        strip_prefix_ignoring_case(word, "http://").or_else(|| strip_prefix_ignoring_case(word, "https://"));
    rest.is_some_and(|rest| rest.strip_prefix('[').unwrap_or(rest).starts_with(is_word))
}

/// `www.`, or a name under one of the oldest top domains.
fn is_domain(word: &str) -> bool {
    if strip_prefix_ignoring_case(word, "www.").is_some() {
        return true;
    }
    if strip_prefix_ignoring_case(word, "http").is_some() || !word.starts_with(is_word) {
        return false;
    }
    let host = &word[..word.find('@').unwrap_or(word.len())];
    let mut dots = host.char_indices().skip(2).filter(|(_, c)| *c == '.');
    dots.any(|(dot, _)| {
        let after = &word[dot + 1..];
        ["com", "edu", "gov", "int", "mil", "net", "org"]
            .iter()
            .any(|top| strip_top(after, top).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
    })
}

/// A text without the top domain that it begins with, in whatever case: Python counts those of Turkish as cases of `i`.
fn strip_top<'a>(text: &'a str, top: &str) -> Option<&'a str> {
    let mut rest = text.chars();
    let alike = |c: char, wanted: char| match c {
        'ı' | 'İ' => wanted == 'i',
        _ => c.eq_ignore_ascii_case(&wanted),
    };
    let is_top = top.chars().all(|wanted| rest.next().is_some_and(|c| alike(c, wanted)));
    is_top.then_some(rest.as_str())
}

/// A word without the brackets and the punctuation around it, and these.
///
/// Where punctuation follows a bracket that is too many, as in `(a.com).`, Django loses the punctuation. It is lost here too, so that pages
/// are the same.
fn trimmed(word: &str) -> (&str, &str, &str) {
    let mut middle = word.trim_start_matches(['(', '[']);
    let start = word.len() - middle.len();
    let mut trail_end = word.len();
    let count = |c: char| middle.matches(c).count();
    let mut pairs = [('(', ')'), ('[', ']')].map(|(open, close)| (close, count(open), count(close)));
    let mut went_on = true;
    while went_on && !middle.is_empty() {
        went_on = false;
        for (close, opened, closed) in &mut pairs {
            if opened < closed && middle.ends_with(*close) {
                // As many as are too many, even if not all of them stand at the end.
                let excess = *closed - *opened;
                let end = middle.char_indices().rev().nth(excess - 1).map_or(0, |(at, _)| at);
                trail_end = start + middle.len();
                middle = &middle[..end];
                *closed -= excess;
                went_on = true;
            }
        }
        let amp = middle.rfind('&');
        let ends = |c: char| ".,:!".contains(c) || (c == ';' && amp.is_none());
        let bare = middle.trim_end_matches(ends);
        if bare.len() < middle.len() {
            middle = bare;
            went_on = true;
        }
        if middle.ends_with(';') && !amp.is_some_and(|amp| is_entity(middle.get(amp..).unwrap_or_default())) {
            let bare = middle.trim_end_matches([';', '.', ',', ':', '!']);
            let semicolons = middle.len() - middle.trim_end_matches(';').len();
            // The first semicolon after an ampersand may be that of an entity.
            let first = middle[bare.len()..].find(';').unwrap_or_default();
            middle = if amp.is_some() && semicolons > 1 { &middle[..bare.len() + first + 1] } else { bare };
            went_on = true;
        }
    }
    (&word[..start], middle, &word[start + middle.len()..trail_end])
}

/// Whether a text that begins with `&` and ends with `;` stands for a character.
fn is_entity(text: &str) -> bool {
    let resolved = html_unescape(text);
    resolved != text && !resolved.ends_with(';')
}

/// Django's simple check of an e-mail address.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    if text.chars().count() > 320 {
        return false;
    }
    let atom = |atom: &str| {
        !atom.is_empty() && atom.chars().all(|c| c.is_ascii_alphanumeric() || IN_ADDRESS.contains(c))
    };
    local.split('.').all(atom) && (is_host(domain) || is_address_literal(domain))
}

/// A domain of at least two labels.
fn is_host(domain: &str) -> bool {
    let wide = |c: char| c.is_ascii_alphanumeric() || ('\u{a1}'..='\u{ffff}').contains(&c);
    let inner = |c: char| wide(c) || c == '-';
    let label = |label: &str| {
        let length = label.chars().count();
        (1..=63).contains(&length)
            && label.chars().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let Some((hosts, top)) = domain.rsplit_once('.') else { return false };
    let letters =
        top.chars().all(|c| inner(c) && !c.is_ascii_digit()) && (2..=63).contains(&top.chars().count());
    let encoded = strip_prefix_ignoring_case(top, "xn--").is_some_and(|rest| {
        (1..=59).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_alphanumeric())
    });
    hosts.split('.').all(label) && (letters || encoded) && !top.starts_with('-') && !top.ends_with('-')
}

/// An IP address in brackets.
fn is_address_literal(domain: &str) -> bool {
    let inner = domain.strip_prefix('[').and_then(|domain| domain.strip_suffix(']'));
    inner.is_some_and(|address| address.parse::<std::net::IpAddr>().is_ok())
}

/// Django's `smart_urlquote`: quotes a URL that may be quoted already.
fn smart_urlquote(url: &str) -> String {
    let requote = |part: &str| quote(&unquote(part), DELIMITERS);
    let Some(url_parts) = Parts::split(&url.replace(['\t', '\r', '\n'], "")) else { return requote(url) };
    let query: Vec<String> = url_parts
        .query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            // Python's parse_qsl reads a pair once, Django then once more.
            let plain = |part: &str| quote_plus(&unquote(&unquote(&part.replace('+', " "))));
            format!("{}={}", plain(name), plain(value))
        })
        .collect();
    let (host, path, fragment) =
        (requote(&url_parts.host), requote(&url_parts.path), requote(&url_parts.fragment));
    let slash = if path.is_empty() || path.starts_with('/') { "" } else { "/" };
    let mut quoted = format!("{}://{host}{slash}{path}", url_parts.scheme);
    if !query.is_empty() {
        quoted.push('?');
        quoted.push_str(&query.join("&"));
    }
    if !fragment.is_empty() {
        quoted.push('#');
        quoted.push_str(&fragment);
    }
    quoted
}

fn quote_plus(text: &str) -> String {
    quote(text, " ").replace(' ', "+")
}

/// The parts of a URL that begins with `http://` or `https://`.
struct Parts {
    scheme: String,
    host: String,
    path: String,
    query: String,
    fragment: String,
}

impl Parts {
    /// Python's `urlsplit` of a URL without tabs and line ends; nothing where it finds the host invalid.
    fn split(url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let (host, rest) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        if host.contains('[') != host.contains(']') {
            return None;
        }
        if let Some((_, inner)) = host.split_once('[')
            && !is_bracketed_host(inner.split(']').next().unwrap_or_default())
        {
            return None;
        }
        if hides_a_delimiter(host) {
            return None;
        }
        let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        Some(Self {
            scheme: scheme.to_ascii_lowercase(),
            host: host.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            fragment: fragment.to_owned(),
        })
    }
}

/// An IPv6 address, with a zone or without, or one of a version to come.
fn is_bracketed_host(host: &str) -> bool {
    if let Some(future) = host.strip_prefix('v') {
        return future.split_once('.').is_some_and(|(version, address)| {
            !version.is_empty() && version.bytes().all(|b| b.is_ascii_hexdigit()) && !address.is_empty()
        });
    }
    let (address, zone) = host.split_once('%').unwrap_or((host, "-"));
    !zone.is_empty() && !zone.contains('%') && address.parse::<std::net::Ipv6Addr>().is_ok()
}

/// Whether a host has a character such as `\u{2100}`, which becomes `a/c` on the way.
fn hides_a_delimiter(host: &str) -> bool {
    if host.is_ascii() {
        return false;
    }
    let plain = host.replace(['@', ':', '#', '?'], "");
    let composed: String = plain.nfkc().collect();
    composed != plain && composed.contains(['/', '?', '#', '@', ':'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_pythons() {
        for (url, is_host) in [
            ("http://[::1]/", true),
            ("http://[fe80::1%eth0]/", true),
            ("http://[fe80::1%]/", false),
            ("http://[v1.x]/", true),
            ("http://[v.x]/", false),
            ("http://[127.0.0.1]/", false),
            ("http://a\u{2100}b.org/", false),
            ("http://\u{e9}.org/", true),
            ("http://\u{ff41}.org/", true),
        ] {
            assert_eq!(Parts::split(url).is_some(), is_host, "{url}");
        }
    }

    #[test]
    fn punctuation_around_a_word_is_no_part_of_it() {
        for (word, wanted) in [
            ("(http://a.com)", ("(", "http://a.com", ")")),
            ("http://a.com/(b).", ("", "http://a.com/(b)", ".")),
            ("a.com/&lt;;", ("", "a.com/&lt;", ";")),
            ("a.com/&lt;", ("", "a.com/&lt;", "")),
            ("[[a.com]]!", ("[[", "a.com", "]]")),
            ("a.com)!.", ("", "a.com", ")")),
            ("...", ("", "", "...")),
        ] {
            assert_eq!(trimmed(word), wanted, "{word}");
        }
    }

    #[test]
    fn letters_are_pythons() {
        for (word, wanted) in [
            ("http://\u{65b}x.org", false),
            ("http://\u{e35}.org/", false),
            ("http://\u{24d0}.org/", false),
            ("http://\u{2167}\u{b2}.org/", true),
            ("\u{1de9}x.org", false),
            ("\u{e9}\u{e9}.org", true),
            ("ab.m\u{131}l", true),
            ("AB.\u{130}NT/x", true),
            ("ab.\u{131}nt.x", false),
        ] {
            assert_eq!(target(word).is_some(), wanted, "{word}");
        }
    }

    #[test]
    fn addresses_are_djangos() {
        for (text, wanted) in [
            ("a@b.co", true),
            ("a.b+c@d-e.example", true),
            ("a@localhost", false),
            ("a@b.c", false),
            (".a@b.co", false),
            ("a@-b.co", false),
            ("a@b.xn--p1ai", true),
            ("a@[127.0.0.1]", true),
            ("a@b@c.org", false),
        ] {
            assert_eq!(is_email(text), wanted, "{text}");
        }
    }
}
