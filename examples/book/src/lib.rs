//! Code that the book shows and that belongs to no example of its own, a file for each subject.

mod answers;
mod cookies;
mod fragments;
mod handled;
mod memory_store;
mod pictures;
mod places;
mod requests;
mod shelves;
mod signing;
mod tokens;
mod tower;
mod urls;
mod years;

pub use answers::answer_urls;
pub use cookies::cookie_urls;
pub use fragments::fragment_urls;
pub use handled::{TenantMiddleware, TimingMiddleware, tenant_urls};
pub use memory_store::{MemoryStore, memory_app};
pub use pictures::picture_urls;
pub use places::settings_in_code;
pub use requests::request_urls;
pub use shelves::shop_templates;
pub use signing::{invitation, invited};
pub use tokens::token_urls;
pub use tower::{Version, mounted_urls};
pub use urls::shop_urls;
pub use years::{FourDigitYear, archive_urls};
