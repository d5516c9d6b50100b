//! Reads a pickle: a machine of a stack and a memo, whose values lie in a table and refer to each other by number.
//!
//! Only when the machine stops is the tree built, under the bounds: a list that holds itself is one that is too deep, and
//! one that holds another a thousand times is paid for a thousand times.

use std::collections::HashMap;

use super::error::PickleError;
use super::limits::Limits;
use super::opcode as op;
use super::shape::{self, Argument, Class, Made};
use super::table::{Id, Node, Table};
use super::text;
use super::value::Value;

/// The value of the pickle at the beginning of `bytes`, and what follows it.
pub(super) fn read(bytes: &[u8], limits: Limits) -> Result<(Value, &[u8]), PickleError> {
    if bytes.len() > limits.size {
        return Err(PickleError::Limit("size"));
    }
    let mut machine = Machine {
        rest: bytes,
        stack: Vec::new(),
        marks: Vec::new(),
        memo: HashMap::new(),
        table: Table::new(limits),
        limits,
        copied_bytes: 0,
        copied_items: 0,
    };
    loop {
        let code = machine.byte()?;
        if code == op::STOP {
            let root = machine.pop()?;
            if !machine.stack.is_empty() {
                return Err(PickleError::Malformed("values are left over"));
            }
            return Ok((machine.table.build(root)?, machine.rest));
        }
        machine.step(code)?;
    }
}

struct Machine<'a> {
    rest: &'a [u8],
    stack: Vec<Id>,
    /// Where on the stack the marks stand.
    marks: Vec<usize>,
    memo: HashMap<u64, Id>,
    table: Table,
    limits: Limits,
    /// What classes made of the same argument, over and over, in all.
    copied_bytes: usize,
    copied_items: usize,
}

const EMPTY_STACK: PickleError = PickleError::Malformed("an instruction lacks its values");

impl<'a> Machine<'a> {
    fn step(&mut self, code: u8) -> Result<(), PickleError> {
        match code {
            op::PROTO => {
                if self.byte()? > 5 {
                    return Err(PickleError::Malformed("its protocol is newer than 5"));
                }
            }
            op::FRAME => {
                let length = self.length8()?;
                if length > self.rest.len() {
                    return Err(PickleError::Length);
                }
            }
            op::MARK => {
                // A container in the making has one mark.
                if self.marks.len() >= self.limits.depth {
                    return Err(PickleError::Limit("depth"));
                }
                self.marks.push(self.stack.len());
            }
            op::POP => {
                // As in Python, it takes a mark if there is nothing above it.
                if self.marks.last() == Some(&self.stack.len()) {
                    self.marks.pop();
                } else {
                    self.pop()?;
                }
            }
            op::POP_MARK => drop(self.marked()?),
            op::DUP => {
                let top = self.top()?;
                self.stack.push(top);
            }
            op::PUT | op::BINPUT | op::LONG_BINPUT | op::MEMOIZE | op::GET | op::BINGET | op::LONG_BINGET => {
                return self.remember(code);
            }
            op::GLOBAL | op::STACK_GLOBAL | op::REDUCE | op::NEWOBJ => return self.object(code),
            op::NONE
            | op::NEWTRUE
            | op::NEWFALSE
            | op::INT
            | op::LONG
            | op::BININT
            | op::BININT1
            | op::BININT2
            | op::LONG1
            | op::LONG4
            | op::FLOAT
            | op::BINFLOAT => {
                let value = self.scalar(code)?;
                return self.push(Node::Leaf(value));
            }
            op::UNICODE
            | op::STRING
            | op::BINUNICODE
            | op::SHORT_BINUNICODE
            | op::BINUNICODE8
            | op::BINSTRING
            | op::SHORT_BINSTRING
            | op::BINBYTES
            | op::SHORT_BINBYTES
            | op::BINBYTES8
            | op::BYTEARRAY8 => {
                let value = self.text(code)?;
                return self.push(Node::Leaf(value));
            }
            _ => return self.container(code),
        }
        Ok(())
    }

    fn remember(&mut self, code: u8) -> Result<(), PickleError> {
        let index = match code {
            op::PUT | op::GET => text::index(self.line()?)?,
            op::BINPUT | op::BINGET => self.byte()?.into(),
            op::LONG_BINPUT | op::LONG_BINGET => u32::from_le_bytes(self.array()?).into(),
            _ => self.memo.len() as u64,
        };
        if matches!(code, op::GET | op::BINGET | op::LONG_BINGET) {
            let id = *self.memo.get(&index).ok_or(PickleError::Malformed("the memo lacks an entry"))?;
            self.stack.push(id);
        } else {
            if self.memo.len() >= self.limits.values {
                return Err(PickleError::Limit("memo entries"));
            }
            let top = self.top()?;
            self.memo.insert(index, top);
        }
        Ok(())
    }

    fn scalar(&mut self, code: u8) -> Result<Value, PickleError> {
        Ok(match code {
            op::NONE => Value::None,
            op::NEWTRUE => Value::Bool(true),
            op::NEWFALSE => Value::Bool(false),
            op::INT => match self.line()? {
                // Before protocol 2 these two are the booleans.
                b"00" => Value::Bool(false),
                b"01" => Value::Bool(true),
                line => Value::Int(text::integer(line)?),
            },
            op::LONG => Value::Int(text::integer(self.line()?)?),
            op::BININT => Value::Int(i32::from_le_bytes(self.array()?).into()),
            op::BININT1 => Value::Int(self.byte()?.into()),
            op::BININT2 => Value::Int(u16::from_le_bytes(self.array()?).into()),
            op::LONG1 => {
                let length = self.byte()?.into();
                Value::Int(long(self.take(length)?)?)
            }
            op::LONG4 => {
                let length = self.length4()?;
                Value::Int(long(self.take(length)?)?)
            }
            op::FLOAT => Value::Float(text::float(self.line()?)?),
            op::BINFLOAT => Value::Float(f64::from_be_bytes(self.array()?)),
            other => return Err(PickleError::Opcode(other)),
        })
    }

    fn text(&mut self, code: u8) -> Result<Value, PickleError> {
        let length = match code {
            op::UNICODE => return Ok(Value::Str(text::unicode(self.line()?)?)),
            op::STRING => return Ok(Value::Str(text::quoted(self.line()?)?)),
            op::SHORT_BINUNICODE | op::SHORT_BINSTRING | op::SHORT_BINBYTES => self.byte()?.into(),
            op::BINUNICODE | op::BINSTRING | op::BINBYTES => self.length4()?,
            _ => self.length8()?,
        };
        let bytes = self.take(length)?;
        Ok(match code {
            op::BINUNICODE | op::SHORT_BINUNICODE | op::BINUNICODE8 => Value::Str(utf8(bytes)?),
            op::BINSTRING | op::SHORT_BINSTRING if bytes.is_ascii() => Value::Str(utf8(bytes)?),
            op::BINSTRING | op::SHORT_BINSTRING => {
                return Err(PickleError::Malformed("a text of Python 2 is not ASCII"));
            }
            _ => Value::Bytes(bytes.to_vec()),
        })
    }

    fn container(&mut self, code: u8) -> Result<(), PickleError> {
        let node = match code {
            op::EMPTY_LIST => Node::List(Vec::new()),
            op::EMPTY_DICT => Node::Dict(Vec::new()),
            op::EMPTY_TUPLE => Node::Tuple(Vec::new()),
            op::EMPTY_SET => Node::Set(Vec::new()),
            op::LIST => Node::List(self.marked()?),
            op::TUPLE => Node::Tuple(self.marked()?),
            op::FROZENSET => Node::FrozenSet(self.marked()?),
            op::DICT => Node::Dict(pairs(&self.marked()?)?),
            op::TUPLE1 => Node::Tuple(self.last(1)?),
            op::TUPLE2 => Node::Tuple(self.last(2)?),
            op::TUPLE3 => Node::Tuple(self.last(3)?),
            op::APPEND | op::APPENDS | op::ADDITEMS | op::SETITEM | op::SETITEMS => {
                return self.fill(code);
            }
            other => return Err(PickleError::Opcode(other)),
        };
        self.push(node)
    }

    /// Puts values into the container beneath them.
    fn fill(&mut self, code: u8) -> Result<(), PickleError> {
        let items = match code {
            op::APPEND => self.last(1)?,
            op::SETITEM => self.last(2)?,
            _ => self.marked()?,
        };
        let container = self.top()?;
        match (code, self.table.node_mut(container)?) {
            (op::APPEND | op::APPENDS, Node::List(list)) | (op::ADDITEMS, Node::Set(list)) => {
                list.extend(items);
            }
            (op::SETITEM | op::SETITEMS, Node::Dict(entries)) => entries.extend(pairs(&items)?),
            _ => return Err(PickleError::Malformed("values are put into what holds none")),
        }
        Ok(())
    }

    /// Names a class of the list, or makes a value by one.
    fn object(&mut self, code: u8) -> Result<(), PickleError> {
        let node = match code {
            op::GLOBAL => {
                let (module, name) = (self.line()?, self.line()?);
                Node::Class(Class::find(&String::from_utf8_lossy(module), &String::from_utf8_lossy(name))?)
            }
            op::STACK_GLOBAL => {
                let (name, module) = (self.pop()?, self.pop()?);
                match (self.table.node(module)?, self.table.node(name)?) {
                    (Node::Leaf(Value::Str(module)), Node::Leaf(Value::Str(name))) => {
                        Node::Class(Class::find(module, name)?)
                    }
                    _ => return Err(PickleError::Malformed("a class has no name")),
                }
            }
            _ => {
                let (arguments, class) = (self.pop()?, self.pop()?);
                self.reduce(class, arguments)?
            }
        };
        self.push(node)
    }

    fn reduce(&mut self, class: Id, arguments: Id) -> Result<Node, PickleError> {
        let (Node::Class(class), Node::Tuple(ids)) = (self.table.node(class)?, self.table.node(arguments)?)
        else {
            return Err(PickleError::Malformed("something is called that is no class"));
        };
        // None of the list takes more, so that a long tuple is not looked through.
        let ids = ids.get(..ids.len().min(4)).unwrap_or_default();
        let seen: Result<Vec<_>, _> = ids
            .iter()
            .map(|id| {
                Ok(match self.table.node(*id)? {
                    Node::Leaf(value) => Argument::Leaf(value),
                    Node::Zone(zone) => Argument::Zone(*zone),
                    Node::List(_) => Argument::List,
                    _ => Argument::Other,
                })
            })
            .collect();
        Ok(match shape::make(*class, &seen?)? {
            Made::Value(value) => {
                let copied = match &value {
                    Value::Bytes(bytes) => bytes.len(),
                    Value::Str(text) => text.len(),
                    _ => 0,
                };
                self.copied_bytes = self.copied_bytes.saturating_add(copied);
                if self.copied_bytes > self.limits.size {
                    return Err(PickleError::Limit("size"));
                }
                Node::Leaf(value)
            }
            Made::Zone(zone) => Node::Zone(zone),
            Made::SetOfList(class) => {
                let Some(Node::List(items)) = ids.first().map(|id| self.table.node(*id)).transpose()? else {
                    return Err(EMPTY_STACK);
                };
                self.copied_items = self.copied_items.saturating_add(items.len());
                if self.copied_items > self.limits.values {
                    return Err(PickleError::Limit("values"));
                }
                match class {
                    Class::FrozenSet => Node::FrozenSet(items.clone()),
                    _ => Node::Set(items.clone()),
                }
            }
        })
    }

    fn push(&mut self, node: Node) -> Result<(), PickleError> {
        let id = self.table.add(node)?;
        self.stack.push(id);
        Ok(())
    }

    /// The bottom of what is above the last mark.
    fn floor(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }

    fn pop(&mut self) -> Result<Id, PickleError> {
        if self.stack.len() <= self.floor() {
            return Err(EMPTY_STACK);
        }
        self.stack.pop().ok_or(EMPTY_STACK)
    }

    fn top(&self) -> Result<Id, PickleError> {
        self.stack.get(self.floor()..).and_then(<[Id]>::last).copied().ok_or(EMPTY_STACK)
    }

    fn last(&mut self, count: usize) -> Result<Vec<Id>, PickleError> {
        let start = self.stack.len().checked_sub(count).filter(|start| *start >= self.floor());
        Ok(self.stack.split_off(start.ok_or(EMPTY_STACK)?))
    }

    /// What stands above the last mark, which goes too.
    fn marked(&mut self) -> Result<Vec<Id>, PickleError> {
        let mark = self.marks.pop().ok_or(PickleError::Malformed("an instruction lacks its mark"))?;
        // No instruction takes what is below a mark.
        Ok(self.stack.split_off(mark.min(self.stack.len())))
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], PickleError> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(PickleError::Length)?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], PickleError> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(PickleError::Length)?;
        self.rest = rest;
        Ok(*taken)
    }

    fn byte(&mut self) -> Result<u8, PickleError> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    fn length4(&mut self) -> Result<usize, PickleError> {
        usize::try_from(u32::from_le_bytes(self.array()?)).map_err(|_| PickleError::Length)
    }

    fn length8(&mut self) -> Result<usize, PickleError> {
        usize::try_from(u64::from_le_bytes(self.array()?)).map_err(|_| PickleError::Length)
    }

    /// A line, without its end.
    fn line(&mut self) -> Result<&'a [u8], PickleError> {
        let end = self.rest.iter().position(|byte| *byte == b'\n').ok_or(PickleError::Length)?;
        let line = self.take(end)?;
        self.byte()?;
        Ok(line)
    }
}

fn utf8(bytes: &[u8]) -> Result<String, PickleError> {
    // Python's surrogates fail here too: no text of Rust holds them.
    let text = std::str::from_utf8(bytes).map_err(|_| PickleError::Malformed("a text is not UTF-8"))?;
    Ok(text.to_owned())
}

fn pairs(items: &[Id]) -> Result<Vec<(Id, Id)>, PickleError> {
    let (pairs, []) = items.as_chunks::<2>() else {
        return Err(PickleError::Malformed("a key has no value"));
    };
    Ok(pairs.iter().map(|[key, value]| (*key, *value)).collect())
}

/// An integer of two's complement, the lowest byte first.
fn long(bytes: &[u8]) -> Result<i128, PickleError> {
    let negative = bytes.last().is_some_and(|byte| byte & 0x80 != 0);
    let mut wide = [if negative { 0xff } else { 0 }; 16];
    let place = wide.get_mut(..bytes.len()).ok_or(PickleError::Limit("128 bits of an integer"))?;
    place.copy_from_slice(bytes);
    Ok(i128::from_le_bytes(wide))
}
