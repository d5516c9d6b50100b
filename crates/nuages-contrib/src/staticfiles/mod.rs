//! Static files (`django.contrib.staticfiles`), collected, named by their content, and served.
//!
//! While DEBUG is on, [`StaticFilesMiddleware`] serves files from STATICFILES_DIRS and from the folders that applications
//! have added. For production the command `collectstatic` copies all of them into STATIC_ROOT, beside each a copy whose name has
//! a hash of its content (`css/site.55e7cbb9ba48.css`), with references in CSS rewritten, the manifest that Django's
//! `ManifestStaticFilesStorage` writes, and compressed variants; from there the middleware serves, as WhiteNoise does:
//! what has a hash in its name is kept by browsers for ever, the rest for STATIC_MAX_AGE seconds.
//!
//! ```
//! use nuages_contrib::staticfiles::{StaticFilesMiddleware, static_url};
//! use nuages_http::{Settings, Site};
//!
//! // An application's own files, beside those of STATICFILES_DIRS.
//! let middleware = StaticFilesMiddleware::new().folder(concat!(env!("CARGO_MANIFEST_DIR"), "/static"));
//!
//! let site = Site::new(Settings { DEBUG: true, ..Settings::default() })?;
//! assert_eq!(static_url(&site, "css/site.css")?, "/static/css/site.css");
//! # Ok::<(), nuages_http::Error>(())
//! ```
//!
//! Nothing outside of these folders is ever served: each part of a path is opened by itself, beneath the folder before it, and no
//! symbolic link is followed; what is no regular file does not exist.

mod answer;
mod checks;
mod collect;
mod compression;
mod content_type;
mod encodings;
mod error;
mod fnmatch;
mod folder;
mod manifest;
mod middleware;
mod names;
mod post_process;
mod rewriting;
mod serve;
mod source;
mod static_files;

pub use checks::{Finding, check};
pub use collect::{CollectOptions, Collected};
pub use error::{StaticFilesError, StaticFilesErrorKind};
pub use middleware::StaticFilesMiddleware;
pub use serve::{Serve, serve};
pub use static_files::{RequestStatic, StaticFiles, static_url};
