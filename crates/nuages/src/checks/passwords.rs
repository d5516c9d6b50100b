//! PASSWORD_HASHERS.

use nuages_contrib::auth::hashers::PasswordHashers;
use nuages_http::Settings;

use super::message::Message;

/// What is wrong with the hashers of passwords, and what is unfit for deployment.
pub(super) fn message(settings: &Settings) -> Option<Message> {
    let hint = "name algorithms such as \"pbkdf2_sha256\", the one for new passwords first";
    match PasswordHashers::from_settings(settings) {
        Err(error) => Some(Message::error("auth.E010", error, hint)),
        Ok(hashers) => {
            let preferred = hashers.preferred().ok()?;
            let weak = preferred.algorithm() == "md5" && !settings.DEBUG;
            weak.then(|| {
                Message::warning(
                    "auth.W011",
                    "new passwords are hashed by md5, which protects nothing",
                    "put it last in PASSWORD_HASHERS, or leave it to tests",
                )
            })
        }
    }
}
