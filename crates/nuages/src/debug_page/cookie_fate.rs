//! What a browser does with a Set-Cookie line (RFC 6265bis): keeps it, deletes it or drops it, and why.

use nuages_http::http_date::parse_http_date_safe;

use super::report::Tone;

/// The largest cookie that browsers keep: name and value, in bytes.
const LARGEST: usize = 4096;
/// Of an attribute's value they read no more.
const LARGEST_ATTRIBUTE: usize = 1024;

/// Where the response goes.
pub(super) struct Place<'a> {
    pub(super) https: bool,
    /// Without a port.
    pub(super) host: &'a str,
    pub(super) path: &'a str,
    /// Seconds since 1970.
    pub(super) now: i64,
}

/// What becomes of a cookie.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fate {
    pub(super) name: String,
    /// The attributes as they are sent.
    pub(super) attributes: String,
    pub(super) tone: Tone,
    pub(super) notes: Vec<String>,
}

#[derive(Default)]
struct Attributes<'a> {
    domain: Option<&'a str>,
    path: Option<&'a str>,
    same_site: Option<String>,
    secure: bool,
    http_only: bool,
    partitioned: bool,
    max_age: Option<i64>,
    expires: Option<i64>,
    too_long: bool,
}

pub(super) fn fate(line: &str, place: &Place<'_>) -> Fate {
    let (pair, rest) = line.split_once(';').unwrap_or((line, ""));
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let attributes = Attributes::read(rest);
    let mut notes = attributes.refusals(name, value, place);
    let tone = if notes.is_empty() {
        attributes.lifetime(place, &mut notes)
    } else {
        notes.insert(0, "The browser drops it.".to_owned());
        Tone::Bad
    };
    if tone != Tone::Bad {
        attributes.remarks(place, &mut notes);
    }
    Fate { name: name.to_owned(), attributes: rest.trim().to_owned(), tone, notes }
}

impl<'a> Attributes<'a> {
    fn read(text: &'a str) -> Self {
        let mut found = Self::default();
        for attribute in text.split(';').map(str::trim) {
            let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
            found.too_long |= value.len() > LARGEST_ATTRIBUTE;
            match name.to_ascii_lowercase().as_str() {
                "domain" if !value.is_empty() => found.domain = Some(value.trim_start_matches('.')),
                "path" => found.path = Some(value),
                "samesite" => found.same_site = Some(value.to_ascii_lowercase()),
                "secure" => found.secure = true,
                "httponly" => found.http_only = true,
                "partitioned" => found.partitioned = true,
                "max-age" => found.max_age = value.parse().ok(),
                "expires" => found.expires = parse_http_date_safe(value),
                _ => {}
            }
        }
        found
    }

    /// Why a browser will not have it.
    fn refusals(&self, name: &str, value: &str, place: &Place<'_>) -> Vec<String> {
        let mut why = Vec::new();
        let mut refuse = |refused: bool, text: String| {
            if refused {
                why.push(text);
            }
        };
        let size = name.len().saturating_add(value.len());
        refuse(
            size > LARGEST,
            format!(
                "Name and value are {size} bytes long; browsers keep {LARGEST}. Keep the data in the session."
            ),
        );
        refuse(self.too_long, format!("An attribute is longer than {LARGEST_ATTRIBUTE} bytes."));
        refuse(
            self.secure && !place.https && !is_trustworthy(place.host),
            "Secure, but this page came over http. Serve the site over HTTPS, or leave Secure out while developing.".to_owned(),
        );
        if let Some(domain) = self.domain {
            refuse(
                !covers(domain, place.host),
                format!("Domain={domain} does not cover {}, where this page came from.", place.host),
            );
            refuse(
                covers(domain, place.host) && !domain.contains('.'),
                format!("Domain={domain} is a single label; leave the domain out."),
            );
        }
        refuse(
            self.same_site.as_deref() == Some("none") && !self.secure,
            "SameSite=None needs Secure.".to_owned(),
        );
        refuse(self.partitioned && !self.secure, "Partitioned needs Secure.".to_owned());
        let lower = name.to_ascii_lowercase();
        refuse(
            (lower.starts_with("__secure-") || lower.starts_with("__host-")) && !self.secure,
            "A name with __Secure- or __Host- needs Secure.".to_owned(),
        );
        refuse(
            lower.starts_with("__host-") && (self.domain.is_some() || self.path != Some("/")),
            "A name with __Host- needs Path=/ and no Domain.".to_owned(),
        );
        why
    }

    /// How long it lives.
    fn lifetime(&self, place: &Place<'_>, notes: &mut Vec<String>) -> Tone {
        let seconds = self.max_age.or_else(|| Some(self.expires?.saturating_sub(place.now)));
        match seconds {
            Some(seconds) if seconds <= 0 => {
                notes.push(format!(
                    "Deletes the cookie, if path ({}) and domain ({}) are those that it was set with.",
                    self.path.unwrap_or("of this page"),
                    self.domain.unwrap_or("none"),
                ));
                Tone::Warn
            }
            Some(seconds) => {
                notes.push(format!("Kept for {}.", span(seconds)));
                Tone::Good
            }
            None => {
                notes.push("Kept until the browser is closed.".to_owned());
                Tone::Good
            }
        }
    }

    /// When it is sent back, and who can read it.
    fn remarks(&self, place: &Place<'_>, notes: &mut Vec<String>) {
        let path = self.path.filter(|path| path.starts_with('/')).unwrap_or("/");
        if !path_covers(path, place.path) {
            notes.push(format!("Not sent to this page again: its path is {path}."));
        }
        notes.push(
            match self.same_site.as_deref() {
                Some("strict") => "Not sent when a link on another site leads here (SameSite=Strict).",
                Some("none") => "Sent with requests from other sites too (SameSite=None).",
                Some("lax") => "From other sites sent only when a link leads here (SameSite=Lax).",
                _ => "Without SameSite; most browsers take it for Lax.",
            }
            .to_owned(),
        );
        if self.secure && !place.https {
            notes.push(
                "Secure over http: Chrome and Firefox keep it on this machine, Safari does not.".to_owned(),
            );
        }
        if self.domain.is_some() {
            notes.push("Sent to all subdomains too.".to_owned());
        }
        notes.push(
            if self.http_only { "Hidden from scripts (HttpOnly)." } else { "Scripts can read it." }
                .to_owned(),
        );
    }
}

/// Is http as good as https here? Browsers trust their own machine.
fn is_trustworthy(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host.to_ascii_lowercase().ends_with(".localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn covers(domain: &str, host: &str) -> bool {
    let (domain, host) = (domain.to_ascii_lowercase(), host.to_ascii_lowercase());
    let is_address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>().is_ok();
    host == domain || (!is_address && host.strip_suffix(&*domain).is_some_and(|sub| sub.ends_with('.')))
}

fn path_covers(cookie: &str, request: &str) -> bool {
    match request.strip_prefix(cookie) {
        Some(rest) => rest.is_empty() || cookie.ends_with('/') || rest.starts_with('/'),
        None => false,
    }
}

/// 1209600 as "14 days".
fn span(seconds: i64) -> String {
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];
    let (count, unit) = units
        .into_iter()
        .find(|(length, _)| seconds >= *length)
        .map_or((seconds, "second"), |(length, unit)| (seconds / length, unit));
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fates() {
        let http = |host| Place { https: false, host, path: "/shop/cart", now: 1_000_000_000 };
        let local = || http("localhost");
        let remote = || http("www.example.com");
        for (line, place, tone, said) in [
            ("a=1; Path=/", local(), Tone::Good, "until the browser is closed"),
            ("a=1; Max-Age=1209600; Path=/; SameSite=Lax", local(), Tone::Good, "Kept for 14 days"),
            ("a=1; Max-Age=60; HttpOnly", local(), Tone::Good, "Hidden from scripts"),
            (
                "a=\"\"; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/",
                local(),
                Tone::Warn,
                "Deletes the cookie",
            ),
            ("a=1; expires=Thu, 01 Jan 1970 00:00:00 GMT", local(), Tone::Warn, "Deletes the cookie"),
            ("a=1; Path=/docs", local(), Tone::Good, "Not sent to this page"),
            ("a=1; Secure", local(), Tone::Good, "Safari does not"),
            ("a=1; Secure", http("127.0.0.1"), Tone::Good, "Safari does not"),
            ("a=1; Secure", remote(), Tone::Bad, "came over http"),
            ("a=1; Domain=example.com", remote(), Tone::Good, "subdomains"),
            ("a=1; Domain=example.org", remote(), Tone::Bad, "does not cover"),
            ("a=1; Domain=ample.com", remote(), Tone::Bad, "does not cover"),
            ("a=1; Domain=localhost", local(), Tone::Bad, "single label"),
            ("a=1; Domain=0.0.1", http("127.0.0.1"), Tone::Bad, "does not cover"),
            ("a=1; SameSite=None", local(), Tone::Bad, "needs Secure"),
            ("a=1; Partitioned", local(), Tone::Bad, "Partitioned needs Secure"),
            ("__Host-a=1; Secure; Path=/x", local(), Tone::Bad, "Path=/"),
            ("__Secure-a=1; Path=/", local(), Tone::Bad, "needs Secure"),
            ("a=1; SameSite=Strict", local(), Tone::Good, "SameSite=Strict"),
            ("a", local(), Tone::Good, "Without SameSite"),
        ] {
            let fate = fate(line, &place);
            assert_eq!(fate.tone, tone, "{line}: {fate:?}");
            assert!(fate.notes.join(" ").contains(said), "{line}: {fate:?}");
        }
        let large = fate(&format!("a={}", "x".repeat(4096)), &local());
        assert!(large.tone == Tone::Bad && large.notes[1].contains("4097 bytes"), "{large:?}");
        assert_eq!(fate(&format!("a={}", "x".repeat(4095)), &local()).tone, Tone::Good);
    }

    #[test]
    fn spans() {
        for (seconds, expected) in
            [(1, "1 second"), (59, "59 seconds"), (3_600, "1 hour"), (31_449_600, "364 days")]
        {
            assert_eq!(span(seconds), expected);
        }
    }
}
