//! Settings under Django's names, in a plain struct.
//!
//! There is no global: an application is built from one [`Settings`] value, so that two applications with
//! different settings live in one process. Loading from `settings.toml` and the environment is the facade's
//! work; here are the names, types, defaults and the reading of one value.

mod caches;
mod message_tag;
mod static_dir;
mod table;
mod templates;
mod value;

pub use caches::CacheSetting;
pub use message_tag::MessageTag;
pub use static_dir::StaticDir;
pub use table::{SettingInfo, Settings};
pub use templates::TemplateSetting;
pub use value::{
    ConnectionUrl, FromSetting, OutageSetting, ProxyHeader, SameSiteSetting, SettingError, SettingValue,
};
