//! Python's pickle, for plain data and nothing else: the form in which Django caches values.
//!
//! A pickle is a program. This module knows the instructions that build `None`, `bool`, `int`, `float`, `str`, `bytes`,
//! `list`, `tuple`, `dict`, `set`, `frozenset` and the dates of `datetime`, and has nothing that could make an object or
//! call a function: a class is recognised as one of a few fixed shapes, or is an error, as is every other instruction.
//! A text that Django holds safe (`SafeString`, what it renders) is a text.
//! Size, depth and number of values are bounded by [`Limits`], so that a small pickle cannot grow without end.
//!
//! ```
//! use nuages_cache::pickle::{self, Value};
//!
//! // pickle.dumps({"a": [1, None]}, 5)
//! let bytes = b"\x80\x05\x95\x0f\0\0\0\0\0\0\0}\x94\x8c\x01a\x94]\x94(K\x01Nes.";
//! let value = Value::from_bytes(bytes)?;
//! assert_eq!(value.to_bytes()?, bytes);
//!
//! // Any type of serde will do.
//! let typed: std::collections::BTreeMap<String, Vec<Option<u8>>> = pickle::from_bytes(bytes)?;
//! assert_eq!(typed["a"], [Some(1), None]);
//! assert_eq!(pickle::to_bytes(&typed)?, bytes);
//!
//! // pickle.loads would run a program here.
//! let error = Value::from_bytes(b"cos\nsystem\n(S'id'\ntR.").unwrap_err();
//! assert_eq!(error.to_string(), "the pickle holds an object (os.system); let Django cache plain data only");
//! # Ok::<_, pickle::PickleError>(())
//! ```

mod error;
mod from_value;
mod limits;
mod opcode;
mod read;
mod shape;
mod table;
mod temporal;
mod text;
mod to_value;
mod value;
mod value_serde;
mod write;

pub use error::PickleError;
pub use from_value::{from_bytes, from_value};
pub use limits::Limits;
pub use to_value::{to_bytes, to_value};
pub use value::Value;
