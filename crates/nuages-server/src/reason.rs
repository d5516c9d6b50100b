//! Reason phrases other than the standard ones.

use http::Response;
use hyper::ext::ReasonPhrase;

/// Gives a response a reason phrase of its own, for HTTP/1; HTTP/2 has none (RFC 9113, section 8.3.2). It is sent as
/// Latin-1, as headers are. A phrase with another character, or a control character, is left out, and `false` returned.
///
/// ```
/// let mut response = http::Response::new(());
/// assert!(nuages_server::set_reason(&mut response, "Fine"));
/// assert!(!nuages_server::set_reason(&mut response, "Fine\r\nX: y"));
/// ```
pub fn set_reason<B>(response: &mut Response<B>, phrase: &str) -> bool {
    let latin_1 = phrase.chars().map(u8::try_from).collect::<Result<Vec<u8>, _>>();
    match latin_1.ok().and_then(|phrase| ReasonPhrase::try_from(phrase).ok()) {
        Some(phrase) => {
            response.extensions_mut().insert(phrase);
            true
        }
        None => false,
    }
}
