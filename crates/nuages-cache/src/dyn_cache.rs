use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;

use crate::backend::{Cache, Cas, KeyPolicy, Token};
use crate::error::CacheError;
use crate::timeout::Timeout;

type Boxed<'a, T> = Pin<Box<dyn Future<Output = Result<T, CacheError>> + Send + 'a>>;

/// A cache of any kind, shared and cheap to clone; made from every [`Cache`] by `into`.
///
/// Its methods are those of [`Cache`].
#[derive(Clone)]
pub struct DynCache(Arc<dyn Erased>);

macro_rules! erased {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $kind:ty),*) -> $output:ty;)*) => {
        trait Erased: Send + Sync {
            fn key_policy(&self) -> KeyPolicy;
            $(fn $name<'a>(&'a self, $($argument: $kind),*) -> Boxed<'a, $output>;)*
        }

        impl<C: Cache> Erased for C {
            fn key_policy(&self) -> KeyPolicy {
                Cache::key_policy(self)
            }
            $(fn $name<'a>(&'a self, $($argument: $kind),*) -> Boxed<'a, $output> {
                Box::pin(Cache::$name(self, $($argument),*))
            })*
        }

        #[expect(clippy::needless_lifetimes, reason = "one form for all methods of the macro")]
        impl DynCache {
            $(
                $(#[$doc])*
                ///
                /// # Errors
                /// The backend's own.
                pub async fn $name<'a>(&'a self, $($argument: $kind),*) -> Result<$output, CacheError> {
                    self.0.$name($($argument),*).await
                }
            )*
        }
    };
}

erased! {
    /// See [`Cache::get`].
    get(key: &'a str) -> Option<Bytes>;
    /// See [`Cache::get_with_token`].
    get_with_token(key: &'a str) -> Option<(Bytes, Token)>;
    /// See [`Cache::set`].
    set(key: &'a str, value: Bytes, timeout: Timeout) -> ();
    /// See [`Cache::add`].
    add(key: &'a str, value: Bytes, timeout: Timeout) -> bool;
    /// See [`Cache::replace`].
    replace(key: &'a str, value: Bytes, timeout: Timeout) -> bool;
    /// See [`Cache::compare_and_set`].
    compare_and_set(key: &'a str, seen: &'a Token, value: Bytes, timeout: Timeout) -> Cas;
    /// See [`Cache::touch`].
    touch(key: &'a str, timeout: Timeout) -> bool;
    /// See [`Cache::delete`].
    delete(key: &'a str) -> bool;
    /// See [`Cache::has_key`].
    has_key(key: &'a str) -> bool;
    /// See [`Cache::incr`].
    incr(key: &'a str, delta: i64) -> i64;
    /// See [`Cache::get_many`].
    get_many(keys: &'a [String]) -> Vec<Option<Bytes>>;
    /// See [`Cache::set_many`].
    set_many(entries: Vec<(String, Bytes)>, timeout: Timeout) -> Vec<String>;
    /// See [`Cache::delete_many`].
    delete_many(keys: &'a [String]) -> ();
    /// See [`Cache::clear`].
    clear() -> Option<bool>;
}

impl DynCache {
    /// See [`Cache::key_policy`].
    #[must_use]
    pub fn key_policy(&self) -> KeyPolicy {
        self.0.key_policy()
    }
}

impl<C: Cache> From<C> for DynCache {
    fn from(cache: C) -> DynCache {
        DynCache(Arc::new(cache))
    }
}

impl fmt::Debug for DynCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DynCache").finish_non_exhaustive()
    }
}
