//! Django's login, in the session that both sites share.

use nuages::middleware::csrf::rotate_token;
use nuages::prelude::*;
use nuages::signing::{Algorithm, SecretKey, constant_time_compare, salted_hmac};

use crate::user::User;

// ANCHOR: keys
/// What `django.contrib.auth.login` puts into a session.
const USER: Key<String> = Key::new("_auth_user_id");
const BACKEND: Key<String> = Key::new("_auth_user_backend");
const HASH: Key<String> = Key::new("_auth_user_hash");
// ANCHOR_END: keys

// ANCHOR: current_user
/// Who is logged in (`request.user`), whichever site he has logged in on.
pub(crate) async fn current_user(request: &HttpRequest) -> Result<Option<User>> {
    let session = request.session().await?;
    let (Some(id), Some(hash)) = (session.get(USER)?, session.get(HASH)?) else { return Ok(None) };
    let user = User::by_id(request, &id).await?;
    // Whoever has changed his password is logged out everywhere, on both sites.
    Ok(user.filter(|user| is_of(user, &hash, request.settings())))
}

fn is_of(user: &User, hash: &str, settings: &Settings) -> bool {
    let (current, older) = (&settings.SECRET_KEY, &settings.SECRET_KEY_FALLBACKS);
    std::iter::once(current)
        .chain(older)
        .any(|key| constant_time_compare(session_auth_hash(&user.password, key).as_bytes(), hash.as_bytes()))
}
// ANCHOR_END: current_user

// ANCHOR: log_in
/// Logs in (`django.contrib.auth.login`).
pub(crate) async fn log_in(request: &HttpRequest, user: &User) -> Result<()> {
    let session = request.session().await?;
    let (id, hash) = (user.id.to_string(), session_auth_hash(&user.password, &request.settings().SECRET_KEY));
    let is_somebody_else = session.get(USER)?.is_some_and(|before| before != id);
    if is_somebody_else {
        request.session_handle()?.flush();
    } else {
        session.cycle_key()?;
    }
    session.set(USER, id)?;
    session.set(BACKEND, "django.contrib.auth.backends.ModelBackend".to_owned())?;
    session.set(HASH, hash)?;
    rotate_token(request);
    Ok(())
}

/// Logs out (`django.contrib.auth.logout`), on both sites at once: there is one session.
pub(crate) fn log_out(request: &HttpRequest) -> Result<()> {
    request.session_handle()?.flush();
    Ok(())
}
// ANCHOR_END: log_in

/// What changes with the password (`AbstractBaseUser.get_session_auth_hash`).
fn session_auth_hash(password: &str, key: &SecretKey) -> String {
    let salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash";
    let mac = salted_hmac(salt, password, key.as_bytes(), Algorithm::Sha256);
    mac.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_djangos() {
        // User(password="pbkdf2_sha256$1$salt$hash").get_session_auth_hash() with SECRET_KEY = "a shared key"
        let expected = "7bb2fe8f657ecdade1fae26e9febd1d7a5f388afc8d68b56561f50ce0a49569b";
        assert_eq!(session_auth_hash("pbkdf2_sha256$1$salt$hash", &"a shared key".into()), expected);
    }
}
