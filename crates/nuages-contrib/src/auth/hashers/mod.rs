//! Passwords as Django stores them (`django.contrib.auth.hashers`).
//!
//! [`make_password`] turns a password into text for the database, [`check_password`] compares; Django and nuages read
//! each other's. Which algorithms are known, and which one new passwords get, the setting PASSWORD_HASHERS says.
//!
//! Hashing is slow on purpose. It runs on threads of its own, as many at once as there are processors, so that a
//! flood of logins neither stops the other requests nor takes the memory of all of them at once.
//!
//! ```
//! # #[tokio::main]
//! # async fn main() -> nuages_http::Result<()> {
//! use nuages_contrib::auth::hashers::{check_password, make_password};
//! use nuages_http::{Settings, Site};
//!
//! // In a view: `request.site()`.
//! let site = Site::new(Settings { PASSWORD_HASHERS: vec!["md5".into()], ..Settings::default() })?;
//! let encoded = make_password(&site, "correct horse").await?;
//! assert!(check_password(&site, "correct horse", &encoded).await?);
//! assert!(!check_password(&site, "battery staple", &encoded).await?);
//! # Ok(())
//! # }
//! ```
//!
//! | Algorithm | Django's class | Cost |
//! |---|---|---|
//! | `pbkdf2_sha256` | `PBKDF2PasswordHasher` | 1,000,000 iterations |
//! | `pbkdf2_sha1` | `PBKDF2SHA1PasswordHasher` | 1,000,000 iterations |
//! | `argon2` | `Argon2PasswordHasher` | argon2id, 100 MiB, 2 passes, 8 lanes |
//! | `bcrypt_sha256` | `BCryptSHA256PasswordHasher` | 2^12 rounds |
//! | `bcrypt` | `BCryptPasswordHasher` | 2^12 rounds; only 72 bytes of a password count |
//! | `scrypt` | `ScryptPasswordHasher` | N = 2^14, r = 8, p = 5 |
//! | `md5` | `MD5PasswordHasher` | none: for tests |

mod argon2;
mod bcrypt;
mod decoded;
mod error;
mod hasher;
mod limits;
mod md5;
mod password;
mod password_hashers;
mod pbkdf2;
mod salt;
mod scrypt;
mod threads;

pub use self::argon2::Argon2PasswordHasher;
pub use self::bcrypt::BCryptPasswordHasher;
pub use self::md5::MD5PasswordHasher;
pub use self::pbkdf2::PBKDF2PasswordHasher;
pub use self::scrypt::ScryptPasswordHasher;
pub use decoded::{Decoded, DecodedValue};
pub use error::{HasherError, HasherErrorKind};
pub use hasher::PasswordHasher;
pub use password::{
    check_password, check_password_and_upgrade, install_hashers, make_password, make_password_with,
    make_unusable_password, verify_password,
};
pub use password_hashers::{PasswordHashers, UNUSABLE_PASSWORD_PREFIX, Verified, is_password_usable};
