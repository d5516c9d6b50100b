//! Writes protocol 5, instruction by instruction as CPython does for values that share no parts.

use super::error::PickleError;
use super::opcode as op;
use super::temporal;
use super::value::Value;

/// Items that Python puts into one instruction.
const BATCH: usize = 1000;
/// The shortest content that Python frames.
const SHORTEST_FRAME: usize = 4;

pub(super) fn write(value: &Value, depth: usize) -> Result<Vec<u8>, PickleError> {
    let mut content = Vec::with_capacity(64);
    put(&mut content, value, depth)?;
    content.push(op::STOP);
    let mut out = Vec::with_capacity(content.len().saturating_add(11));
    out.extend([op::PROTO, 5]);
    if content.len() >= SHORTEST_FRAME {
        out.push(op::FRAME);
        out.extend((content.len() as u64).to_le_bytes());
    }
    out.extend(content);
    Ok(out)
}

fn put(out: &mut Vec<u8>, value: &Value, depth: usize) -> Result<(), PickleError> {
    match value {
        Value::None => out.push(op::NONE),
        Value::Bool(true) => out.push(op::NEWTRUE),
        Value::Bool(false) => out.push(op::NEWFALSE),
        Value::Int(int) => put_int(out, *int),
        Value::Float(float) => {
            out.push(op::BINFLOAT);
            out.extend(float.to_be_bytes());
        }
        Value::Str(text) => put_str(out, text),
        Value::Bytes(bytes) => put_bytes(out, bytes),
        Value::Date(_) | Value::NaiveDateTime(_) | Value::DateTime(_) | Value::TimeDelta(_) => {
            temporal::put(out, value)?;
        }
        Value::List(_) | Value::Tuple(_) | Value::Dict(_) | Value::Set(_) | Value::FrozenSet(_) => {
            let depth = depth.checked_sub(1).ok_or(PickleError::Limit("depth"))?;
            put_container(out, value, depth)?;
        }
    }
    Ok(())
}

fn put_container(out: &mut Vec<u8>, value: &Value, depth: usize) -> Result<(), PickleError> {
    match value {
        Value::List(items) => {
            out.extend([op::EMPTY_LIST, op::MEMOIZE]);
            if let [item] = items.as_slice() {
                put(out, item, depth)?;
                out.push(op::APPEND);
                return Ok(());
            }
            for batch in items.chunks(BATCH) {
                put_marked(out, batch, op::APPENDS, depth)?;
            }
        }
        Value::Dict(entries) => {
            out.extend([op::EMPTY_DICT, op::MEMOIZE]);
            if let [entry] = entries.as_slice() {
                put_entry(out, entry, depth)?;
                out.push(op::SETITEM);
                return Ok(());
            }
            for batch in entries.chunks(BATCH) {
                out.push(op::MARK);
                for entry in batch {
                    put_entry(out, entry, depth)?;
                }
                out.push(op::SETITEMS);
            }
        }
        Value::Tuple(items) => {
            if items.is_empty() {
                out.push(op::EMPTY_TUPLE);
                return Ok(());
            }
            let short = match items.len() {
                1 => Some(op::TUPLE1),
                2 => Some(op::TUPLE2),
                3 => Some(op::TUPLE3),
                _ => None,
            };
            if let Some(code) = short {
                for item in items {
                    put(out, item, depth)?;
                }
                out.extend([code, op::MEMOIZE]);
            } else {
                put_marked(out, items, op::TUPLE, depth)?;
                out.push(op::MEMOIZE);
            }
        }
        Value::Set(items) => {
            out.extend([op::EMPTY_SET, op::MEMOIZE]);
            for batch in items.chunks(BATCH) {
                put_marked(out, batch, op::ADDITEMS, depth)?;
            }
        }
        Value::FrozenSet(items) => {
            put_marked(out, items, op::FROZENSET, depth)?;
            out.push(op::MEMOIZE);
        }
        _ => {}
    }
    Ok(())
}

fn put_entry(out: &mut Vec<u8>, (key, value): &(Value, Value), depth: usize) -> Result<(), PickleError> {
    put(out, key, depth)?;
    put(out, value, depth)
}

fn put_marked(out: &mut Vec<u8>, items: &[Value], code: u8, depth: usize) -> Result<(), PickleError> {
    out.push(op::MARK);
    for item in items {
        put(out, item, depth)?;
    }
    out.push(code);
    Ok(())
}

pub(super) fn put_int(out: &mut Vec<u8>, int: i128) {
    if let Ok(byte) = u8::try_from(int) {
        out.extend([op::BININT1, byte]);
    } else if let Ok(short) = u16::try_from(int) {
        out.push(op::BININT2);
        out.extend(short.to_le_bytes());
    } else if let Ok(word) = i32::try_from(int) {
        out.push(op::BININT);
        out.extend(word.to_le_bytes());
    } else {
        let bytes = int.to_le_bytes();
        let sign = if int < 0 { 0xff } else { 0 };
        // As few bytes as keep the sign.
        let mut length = bytes.len();
        while let [.., before, last] = bytes.get(..length).unwrap_or_default()
            && *last == sign
            && (before ^ sign) & 0x80 == 0
        {
            length -= 1;
        }
        // At most 16.
        out.extend([op::LONG1, length as u8]);
        out.extend(bytes.get(..length).unwrap_or_default());
    }
}

pub(super) fn put_str(out: &mut Vec<u8>, text: &str) {
    put_counted(out, text.as_bytes(), op::SHORT_BINUNICODE, op::BINUNICODE, op::BINUNICODE8);
}

pub(super) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_counted(out, bytes, op::SHORT_BINBYTES, op::BINBYTES, op::BINBYTES8);
}

fn put_counted(out: &mut Vec<u8>, bytes: &[u8], short: u8, medium: u8, long: u8) {
    if let Ok(length) = u8::try_from(bytes.len()) {
        out.extend([short, length]);
    } else if let Ok(length) = u32::try_from(bytes.len()) {
        out.push(medium);
        out.extend(length.to_le_bytes());
    } else {
        out.push(long);
        out.extend((bytes.len() as u64).to_le_bytes());
    }
    out.extend(bytes);
    out.push(op::MEMOIZE);
}
