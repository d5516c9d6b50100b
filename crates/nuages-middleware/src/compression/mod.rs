//! `GZipMiddleware`: fewer bytes for clients that can unpack them.

mod body;
#[cfg(feature = "brotli")]
mod brotli;
mod coding;
mod encoder;
mod gzip;
mod middleware;
#[cfg(feature = "zstd")]
mod zstd;

pub use coding::Coding;
pub use middleware::GZipMiddleware;
pub(crate) use middleware::compress;
