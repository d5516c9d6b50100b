//! Messages in the session (`django.contrib.messages.storage.session`).

use nuages_http::{HttpRequest, Result};
use nuages_sessions::RequestSession;

use super::codec;
use super::message::Message;

/// The name of their text in the session.
const NAME: &str = "_messages";

/// The messages of the session; none if it has no such text, which is not the same as an empty list.
pub(super) async fn load(request: &HttpRequest) -> Result<Option<Vec<Message>>> {
    // What is no text was not written by messages.
    let Ok(Some(text)) = request.session().await?.get::<String>(NAME) else { return Ok(None) };
    Ok(codec::decode(text.as_bytes()).map(|decoded| decoded.messages))
}

/// Keeps these messages in place of those that are there.
pub(super) async fn store(request: &HttpRequest, messages: &[Message]) -> Result<()> {
    let session = request.session().await?;
    if messages.is_empty() {
        let _absent = session.remove(NAME);
        return Ok(());
    }
    Ok(session.set(NAME, codec::spaced(messages)?)?)
}
