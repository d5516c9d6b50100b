use std::fmt;

/// Why bytes are no pickle of plain data, or a value has no pickle.
///
/// Never shows data of the pickle; of a class that is not plain data it shows the name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PickleError {
    /// The bytes end before the pickle does, or the pickle ends before the bytes do.
    Length,
    /// An instruction that plain data does not need.
    Opcode(u8),
    /// A class or function that is not plain data: its name, if it is a plain one.
    Class(String),
    /// A bound was passed: which.
    Limit(&'static str),
    /// The bytes are not as a pickler writes them: what is wrong.
    Malformed(&'static str),
    /// The value has no pickle, or is not of the type asked for.
    Type(String),
}

impl PickleError {
    pub(crate) fn class(module: &str, name: &str) -> PickleError {
        let full = [module, ".", name].concat();
        let plain = full.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._".contains(&byte));
        PickleError::Class(if plain && full.len() <= 120 { full } else { "of a strange name".to_owned() })
    }
}

impl fmt::Display for PickleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PickleError::Length => f.write_str("the pickle is cut off, or something follows it"),
            PickleError::Opcode(code) => {
                write!(f, "the pickle holds instruction {code:#04x}, which plain data does not need")
            }
            PickleError::Class(name) => {
                write!(f, "the pickle holds an object ({name}); let Django cache plain data only")
            }
            PickleError::Limit(which) => write!(f, "the pickle passes the bound on {which}"),
            PickleError::Malformed(what) => write!(f, "the pickle is damaged: {what}"),
            PickleError::Type(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for PickleError {}
