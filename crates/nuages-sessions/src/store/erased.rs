//! A store behind a pointer.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::{Custody, Listing, Loaded, Merge, Merged, Record, Retired, Saved, Seen, SessionStore, Written};
use crate::{SessionKey, StoreError};

type Boxed<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// A store of any kind.
#[derive(Clone)]
pub(crate) struct DynStore(Arc<dyn Erased>);

macro_rules! erased {
    ($($name:ident($($argument:ident: $kind:ty),*) -> $output:ty;)*) => {
        trait Erased: Send + Sync {
            fn custody(&self) -> Custody;
            fn new_key(&self, record: &Record) -> Result<SessionKey, StoreError>;
            $(fn $name<'a>(&'a self, $($argument: $kind),*) -> Boxed<'a, $output>;)*
        }

        impl<S: SessionStore> Erased for S {
            fn custody(&self) -> Custody {
                SessionStore::custody(self)
            }
            fn new_key(&self, record: &Record) -> Result<SessionKey, StoreError> {
                SessionStore::new_key(self, record)
            }
            $(fn $name<'a>(&'a self, $($argument: $kind),*) -> Boxed<'a, $output> {
                Box::pin(SessionStore::$name(self, $($argument),*))
            })*
        }

        impl DynStore {
            $(pub(crate) fn $name<'a>(&'a self, $($argument: $kind),*) -> Boxed<'a, $output> {
                self.0.$name($($argument),*)
            })*
        }
    };
}

erased! {
    load(key: &'a SessionKey) -> Loaded;
    exists(key: &'a SessionKey) -> bool;
    create(key: &'a SessionKey, record: &'a Record) -> Option<Written>;
    save(key: &'a SessionKey, seen: &'a Seen, record: &'a Record) -> Saved;
    merge(key: &'a SessionKey, merge: Merge) -> Merged;
    retire(key: &'a SessionKey, seen: &'a Seen) -> Retired;
    delete(key: &'a SessionKey) -> bool;
    list(after: Option<&'a SessionKey>, limit: usize) -> Listing;
    clear_expired() -> u64;
}

impl DynStore {
    pub(crate) fn new(store: impl SessionStore) -> Self {
        Self(Arc::new(store))
    }

    pub(crate) fn custody(&self) -> Custody {
        self.0.custody()
    }

    pub(crate) fn new_key(&self, record: &Record) -> Result<SessionKey, StoreError> {
        self.0.new_key(record)
    }
}
