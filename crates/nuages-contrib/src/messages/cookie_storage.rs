//! Messages in a signed cookie (`django.contrib.messages.storage.cookie`).

use nuages_http::{Error, HttpRequest, HttpResponse, Result};
use nuages_signing::Compress;

use super::codec::{self, Decoded};
use super::config::Config;
use super::message::Message;

const COOKIE: &str = "messages";
/// Half of what browsers take, which leaves room for other cookies; as Django.
const MOST_BYTES: usize = 2048;
/// Stands last if there are more messages elsewhere.
const NOT_FINISHED: &str = "__messagesnotfinished__";

/// What the cookie of a request held.
#[derive(Debug, PartialEq)]
pub(super) enum Found {
    /// No cookie.
    Nothing,
    /// A cookie that we have not written: to be removed.
    Bad,
    /// Messages; if not all, the rest is in the next storage.
    Messages { messages: Vec<Message>, all: bool },
}

pub(super) fn load(request: &HttpRequest, config: &Config) -> Found {
    match request.COOKIES.get(COOKIE).as_deref() {
        None | Some("") => Found::Nothing,
        Some(text) => decode(text, config),
    }
}

fn decode(text: &str, config: &Config) -> Found {
    let Ok(json) = config.signer.unsign_bytes(text, None) else { return Found::Bad };
    let Some(Decoded { messages, last }) = codec::decode(&json) else { return Found::Bad };
    Found::Messages { messages, all: last.as_deref() != Some(NOT_FINISHED) }
}

/// What gives way when there are too many.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Overflow {
    /// The oldest are lost: there is no other storage.
    DropOldest,
    /// The newest go to the next storage.
    KeepOldest,
}

/// Sets the cookie, or deletes it if there is nothing to keep; gives back what did not fit.
pub(super) fn store(
    mut messages: Vec<Message>,
    config: &Config,
    response: &mut HttpResponse,
    overflow: Overflow,
) -> Result<Vec<Message>> {
    if messages.is_empty() {
        response
            .delete_cookie(COOKIE)
            .domain(config.cookie_domain.as_deref())
            .same_site(config.cookie_samesite);
        return Ok(Vec::new());
    }
    let parts: Vec<String> =
        messages.iter().map(codec::compact).collect::<Result<_, _>>().map_err(Error::from)?;
    let mut encoded = encode(&parts, config);
    let mut rest = Vec::new();
    if encoded.len() > MOST_BYTES {
        let fits = |parts: &[String]| encode_unfinished(parts, config).len() <= MOST_BYTES;
        let kept = match overflow {
            Overflow::DropOldest => {
                let first = first_kept(&parts, fits);
                let newer = messages.split_off(first);
                rest = std::mem::replace(&mut messages, newer);
                parts.get(first..)
            }
            Overflow::KeepOldest => {
                let end = end_of_kept(&parts, fits);
                rest = messages.split_off(end);
                parts.get(..end)
            }
        };
        encoded = encode_unfinished(kept.unwrap_or(&[]), config);
    }
    response
        .set_cookie(COOKIE, encoded)
        .domain(config.cookie_domain.as_deref())
        .secure(config.cookie_secure)
        .http_only(config.cookie_httponly)
        .same_site(config.cookie_samesite);
    Ok(rest)
}

/// Signed text: letters that no cookie need quote, so that its length is that of the cookie's value.
fn encode(parts: &[String], config: &Config) -> String {
    config.signer.sign_bytes(format!("[{}]", parts.join(",")).as_bytes(), Compress::IfShorter)
}

fn encode_unfinished(parts: &[String], config: &Config) -> String {
    let mark = format!("\"{NOT_FINISHED}\"");
    let mut all: Vec<String> = parts.to_vec();
    all.push(mark);
    encode(&all, config)
}

/// How many of the first ones fit: by halving, as Django, whose choice shows where texts compress unevenly.
fn end_of_kept(parts: &[String], fits: impl Fn(&[String]) -> bool) -> usize {
    let (mut low, mut high) = (0, parts.len());
    while low < high {
        let middle = low.midpoint(high);
        if fits(parts.get(..=middle).unwrap_or(parts)) {
            low = middle.saturating_add(1);
        } else {
            high = middle;
        }
    }
    low
}

/// From which on the last ones fit.
fn first_kept(parts: &[String], fits: impl Fn(&[String]) -> bool) -> usize {
    let (mut low, mut high) = (0, parts.len());
    while low < high {
        let middle = low.midpoint(high);
        if fits(parts.get(middle..).unwrap_or(parts)) {
            high = middle;
        } else {
            low = middle.saturating_add(1);
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halving() {
        let parts: Vec<String> = (0..7_u32).map(|n| n.to_string()).collect();
        for most in 0..9 {
            let fits = |parts: &[String]| parts.len() <= most;
            assert_eq!(end_of_kept(&parts, fits), most.min(7), "{most}");
            assert_eq!(first_kept(&parts, fits), 7_usize.saturating_sub(most), "{most}");
        }
    }
}
