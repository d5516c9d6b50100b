//! What most files of an application use: `use nuages::prelude::*;`.

pub use std::time::Duration;

pub use nuages_cache::DEFAULT_TIMEOUT;
#[cfg(feature = "messages")]
pub use nuages_contrib::messages::{MessageMiddleware, RequestMessages};
#[cfg(feature = "staticfiles")]
pub use nuages_contrib::staticfiles::{RequestStatic, StaticFilesMiddleware};
pub use nuages_http::{
    Body, Error, ErrorKind, FileResponse, HttpRequest, HttpResponse, JsonResponse, OrStatus, QueryDict,
    Redirect, Result, SameSite, Settings, SignedCookieError, StatusCode, UploadedFile, redirect,
};
pub use nuages_middleware::csrf::get_token;
pub use nuages_middleware::{
    CommonMiddleware, ConditionalGetMiddleware, CsrfViewMiddleware, GZipMiddleware, Middleware, Next,
    SecurityMiddleware, XFrameOptionsMiddleware,
};
pub use nuages_sessions::{Expiry, Key, RequestSession, SessionMiddleware};
pub use nuages_templates::{Serde, context};

pub use crate::app::App;
pub use crate::escape::escape;
pub use crate::redirect_to::redirect_to;
pub use crate::request_caches::RequestCaches;
pub use crate::request_urls::RequestUrls;
pub use crate::resolve_url::resolve_url;
pub use crate::templates::{TemplateResponse, render, render_to_string};
pub use crate::urlconf::{UrlConf, path, re_path, urlconf};
pub use crate::view::{include, mount};
