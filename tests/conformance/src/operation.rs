//! One operation of a list: `[name, argument…]`.

use nuages::prelude::*;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::outcome::Exception;

/// The name of an operation, and its arguments as JSON.
pub(crate) struct Operation {
    pub(crate) name: String,
    arguments: Vec<Box<RawValue>>,
}

impl<'de> Deserialize<'de> for Operation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut arguments: Vec<Box<RawValue>> = Vec::deserialize(deserializer)?;
        if arguments.is_empty() {
            return Err(D::Error::custom("an operation has a name"));
        }
        let name = serde_json::from_str(arguments.remove(0).get()).map_err(D::Error::custom)?;
        Ok(Self { name, arguments })
    }
}

impl Operation {
    /// The last argument, if it is of this type: keyword arguments, which are marked as such.
    pub(crate) fn take_keywords<T: DeserializeOwned>(&mut self) -> Option<T> {
        let keywords: T = serde_json::from_str(self.arguments.last()?.get()).ok()?;
        self.arguments.pop();
        Some(keywords)
    }

    /// The argument at this position. One that is missing or of another type is a TypeError.
    pub(crate) fn argument<T: DeserializeOwned>(&self, position: usize) -> Result<T, Exception> {
        self.optional(position)?.ok_or(Exception("TypeError"))
    }

    /// The argument at this position, if there is one.
    pub(crate) fn optional<T: DeserializeOwned>(&self, position: usize) -> Result<Option<T>, Exception> {
        let argument = self.arguments.get(position).map(|raw| serde_json::from_str(raw.get()));
        argument.transpose().map_err(|_| Exception("TypeError"))
    }
}
