//! Reading `Cookie` and writing `Set-Cookie` exactly as Django 5.2 does.
//!
//! - [`Cookies`] is a request's `Cookie` header, Django's `request.COOKIES`.
//! - [`ResponseCookies`] are the cookies of a response: set, set signed, deleted, and at last written.
//! - [`CookieSigner`] signs values and checks them, as `set_signed_cookie` and `get_signed_cookie`.
//!
//! ```
//! use nuages_cookies::{CookieSigner, Cookies, ResponseCookies, SameSite};
//!
//! let cookies = Cookies::from("visits=41; theme=\"dark blue\"");
//! let visits: u32 = cookies.get("visits").and_then(|text| text.parse().ok()).unwrap_or(0);
//!
//! let mut response = ResponseCookies::default();
//! response.set("visits", visits + 1).http_only(true).same_site(SameSite::Lax);
//! response.write(&CookieSigner::new("secret"), |header| {
//!     assert_eq!(header, "visits=42; HttpOnly; Path=/; SameSite=Lax");
//! })?;
//! # Ok::<(), nuages_cookies::CookieError>(())
//! ```
//!
//! # Differences from Django
//!
//! - Names and values of `Cookie` lose spaces and tabs around them; Django strips every Unicode blank, by which a cookie
//!   named `U+2000 __Host-x` would pass for `__Host-x`.
//! - A cookie that is set under a name with `__Secure-` or `__Host-` gets `Secure`, and the latter `Path=/`; another path
//!   or a domain is an error. Deleting is Django's to the letter.
//! - A path, domain or text in `expires` with a `;` or a control character is an error; Django writes it.
//! - A value with a character above U+00FF is an error; Django fails when it sends the response.
//! - `Partitioned` can be set, and implies `Secure`.
//! - The signing salt of Django before 5.2.15 is read only if asked for.
//! - A well signed value with a damaged timestamp is a bad signature; Django raises `ValueError`.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

mod age;
mod attributes;
mod cookies;
mod error;
mod expires;
mod guard;
mod header;
mod http_date;
mod key_error;
mod name;
mod quoting;
mod response_cookies;
mod same_site;
mod scan;
mod set_cookie;
mod signer;
mod text;

pub use age::CookieAge;
pub use cookies::Cookies;
pub use error::{CookieError, CookieErrorKind, DateError};
pub use expires::Expires;
pub use guard::{CookieGuard, DeleteGuard, SignedCookieGuard};
pub use header::CookieHeader;
pub use key_error::KeyError;
pub use response_cookies::ResponseCookies;
pub use same_site::{SameSite, SameSiteValue};
pub use set_cookie::SetCookie;
pub use signer::{CookieSigner, SignedCookieError};
pub use text::CookieText;
