/// How much a pickle may take; what is beyond is an error, never a panic or a full memory.
///
/// ```
/// use nuages_cache::pickle::{Limits, PickleError, Value};
///
/// let flat = Limits { depth: 1, ..Limits::default() };
/// let nested = Value::List(vec![Value::List(vec![])]).to_bytes()?;
/// assert_eq!(Value::from_bytes_within(&nested, flat), Err(PickleError::Limit("depth")));
/// # Ok::<_, PickleError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the pickle, and bytes of all text in the value; by default 32 MiB. They differ where a pickle
    /// refers to one text many times.
    pub size: usize,
    /// How deep lists, tuples, dictionaries and sets may nest; by default 128.
    pub depth: usize,
    /// Values, and entries of the memo; by default 2,097,152.
    pub values: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { size: 32 << 20, depth: 128, values: 1 << 21 }
    }
}
