//! Signed text outside of cookies.

// ANCHOR: invitation
use nuages::prelude::*;
use nuages::signing::{Compress, MaxAge, SigningError, dumps, loads};
use serde::{Deserialize, Serialize};

/// What the link in an e-mail says, so that no table has to.
#[derive(Serialize, Deserialize)]
struct Invitation {
    room: u32,
    guest: String,
}

const DAY: u32 = 24 * 60 * 60;

/// The text that goes into the link.
pub fn invitation(settings: &Settings, room: u32, guest: &str) -> Result<String> {
    let invitation = Invitation { room, guest: guest.to_owned() };
    Ok(dumps(&invitation, settings.secret_keys(), Compress::No)?)
}

/// Who is invited, if it was we who wrote the link, and not more than a day ago.
pub fn invited(settings: &Settings, text: &str) -> Result<String> {
    match loads::<Invitation>(text, settings.secret_keys(), Some(MaxAge::from(DAY))) {
        Ok(invitation) => Ok(format!("{} in room {}", invitation.guest, invitation.room)),
        Err(SigningError::SignatureExpired(_)) => {
            Err(Error::new(ErrorKind::NotFound, "the invitation is over"))
        }
        Err(error) => Err(Error::with_source(ErrorKind::BadRequest, error)),
    }
}
// ANCHOR_END: invitation
