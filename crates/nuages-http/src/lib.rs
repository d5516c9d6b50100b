//! The vocabulary of nuages: what views, middleware and third parties speak.
//!
//! [`HttpRequest`] and [`HttpResponse`] with Django's names, [`QueryDict`], [`Settings`], [`Error`] and what goes with
//! them. This crate knows no server, no routes, no sessions and no middleware; those crates know it.
//!
//! ```
//! use nuages_http::{HttpRequest, HttpResponse, Result};
//!
//! async fn add_cookie(request: HttpRequest) -> Result {
//!     let visits: u32 = request.COOKIES.get("visits").and_then(|text| text.parse().ok()).unwrap_or(0);
//!     let mut response = HttpResponse::new("Welcome back");
//!     response.set_cookie("visits", visits + 1).max_age(3600).http_only(true);
//!     Ok(response)
//! }
//! ```

pub mod base36;
mod body;
mod body_channel;
pub mod byte_range;
pub mod cache_headers;
mod char_class;
pub mod content_disposition;
pub mod content_types;
pub mod encoding;
mod error;
pub mod etag;
mod extensions;
pub mod header_parameters;
mod header_text;
pub mod host;
pub mod http_date;
pub mod iri;
pub mod json_text;
pub mod media_type;
mod multipart;
mod or_status;
pub mod preconditions;
mod proxies;
pub mod query_dict;
mod quoting;
mod request;
mod response;
pub mod safe_redirect;
mod settings;
mod site;
mod uploads;
pub mod url_split;
pub mod urlencode;
pub mod urlsafe_base64;

pub use body::{Body, BodyError};
pub use body_channel::{BodySender, NobodyReads};
pub use error::{Error, ErrorKind, Result};
pub use extensions::Extensions;
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
pub use nuages_cookies::{
    CookieAge, CookieError, CookieGuard, Cookies, DeleteGuard, Expires, KeyError, SameSite,
    SignedCookieError, SignedCookieGuard,
};
pub use or_status::OrStatus;
pub use proxies::TrustedProxies;
pub use query_dict::QueryDict;
pub use request::{
    Captured, ContentType, DontEnforceCsrfChecks, HttpRequest, Meta, PathText, Peer, Query, RequestFields,
    RequestHeaders, ResolverMatch, SignedCookie, TestRequest,
};
pub use response::{
    BadHeader, Event, EventSender, FileResponse, HttpResponse, JsonResponse, Reason, Redirect, ResponseError,
    redirect,
};
pub use settings::{
    CacheSetting, ConnectionUrl, FromSetting, MessageTag, OutageSetting, ProxyHeader, SameSiteSetting,
    SettingError, SettingInfo, SettingValue, Settings, StaticDir, TemplateSetting,
};
pub use site::{NoReverseMatch, Routes, Site};
pub use uploads::{FileStream, FileUploadHandler, Files, NewFile, Received, UploadInfo, UploadedFile};
