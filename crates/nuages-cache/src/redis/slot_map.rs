use std::collections::HashSet;

use redis::Value;

use super::endpoint::Place;
use super::reply;
use super::slot::SLOTS;

/// Which master has which slots, as a node tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SlotMap {
    /// First slot, last slot, master; in order, without overlaps.
    ranges: Vec<(u16, u16, Place)>,
}

impl SlotMap {
    /// Reads the answer to `CLUSTER SLOTS`. A node that does not know its own address gives none: it is then the
    /// one that answered.
    pub(super) fn read(answer: &Value, answered: &Place) -> Option<SlotMap> {
        let Value::Array(entries) = answer else { return None };
        let mut ranges = Vec::with_capacity(entries.len());
        for entry in entries {
            let Value::Array(parts) = entry else { return None };
            let [first, last, master, ..] = parts.as_slice() else { return None };
            let (first, last) = (slot(first)?, slot(last)?);
            let Value::Array(master) = master else { return None };
            let [host, port, ..] = master.as_slice() else { return None };
            let port = u16::try_from(reply::integer(port).ok()?).ok()?;
            let host = reply::text(host).filter(|host| !host.is_empty() && host != "?");
            let place = match (host, answered) {
                (Some(host), _) => Place::Tcp(host, port),
                (None, Place::Tcp(answered, _)) => Place::Tcp(answered.clone(), port),
                (None, Place::Unix(_)) => return None,
            };
            ranges.push((first, last, place));
        }
        ranges.sort_by_key(|range| range.0);
        let in_order = ranges.iter().all(|(first, last, _)| first <= last)
            && ranges.iter().zip(ranges.iter().skip(1)).all(|(one, next)| one.1 < next.0);
        in_order.then_some(SlotMap { ranges })
    }

    pub(super) fn owner(&self, slot: u16) -> Option<&Place> {
        let after = self.ranges.partition_point(|range| range.0 <= slot);
        let (_, last, place) = self.ranges.get(after.checked_sub(1)?)?;
        (slot <= *last).then_some(place)
    }

    /// The same map with one slot elsewhere.
    pub(super) fn moved(&self, slot: u16, to: Place) -> SlotMap {
        let mut ranges = Vec::with_capacity(self.ranges.len() + 2);
        for (first, last, place) in &self.ranges {
            if slot < *first || *last < slot {
                ranges.push((*first, *last, place.clone()));
                continue;
            }
            if *first < slot {
                ranges.push((*first, slot - 1, place.clone()));
            }
            if slot < *last {
                ranges.push((slot + 1, *last, place.clone()));
            }
        }
        ranges.push((slot, slot, to));
        ranges.sort_by_key(|range| range.0);
        SlotMap { ranges }
    }

    pub(super) fn masters(&self) -> HashSet<Place> {
        self.ranges.iter().map(|range| range.2.clone()).collect()
    }

    pub(super) fn has(&self, place: &Place) -> bool {
        self.ranges.iter().any(|range| range.2 == *place)
    }

    /// How many slots have a master.
    pub(super) fn covered(&self) -> usize {
        self.ranges.iter().map(|(first, last, _)| usize::from(last - first) + 1).sum()
    }

    pub(super) fn is_full(&self) -> bool {
        self.covered() == usize::from(SLOTS)
    }
}

fn slot(value: &Value) -> Option<u16> {
    u16::try_from(reply::integer(value).ok()?).ok().filter(|slot| *slot < SLOTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(first: i64, last: i64, host: &str, port: i64) -> Value {
        let master = Value::Array(vec![
            Value::BulkString(host.as_bytes().to_vec()),
            Value::Int(port),
            Value::BulkString(b"id".to_vec()),
        ]);
        Value::Array(vec![Value::Int(first), Value::Int(last), master.clone(), master])
    }

    fn place(host: &str, port: u16) -> Place {
        Place::Tcp(host.to_owned(), port)
    }

    #[test]
    fn owners() {
        let answer = Value::Array(vec![range(8192, 16383, "b", 2), range(0, 8191, "", 1)]);
        let map = SlotMap::read(&answer, &place("a", 9)).unwrap();
        assert!(map.is_full());
        for (slot, owner) in
            [(0, place("a", 1)), (8191, place("a", 1)), (8192, place("b", 2)), (16383, place("b", 2))]
        {
            assert_eq!(map.owner(slot), Some(&owner), "{slot}");
        }
        for slot in [0, 5, 8191, 16383] {
            let moved = map.moved(slot, place("c", 3));
            assert!(moved.is_full());
            assert_eq!(moved.owner(slot), Some(&place("c", 3)));
            for other in (0..16384).filter(|other| *other != slot) {
                assert_eq!(moved.owner(other), map.owner(other));
            }
        }
        let holes = Value::Array(vec![range(10, 20, "b", 2)]);
        let map = SlotMap::read(&holes, &place("a", 9)).unwrap();
        assert_eq!((map.owner(9), map.owner(21), map.covered()), (None, None, 11));
    }

    #[test]
    fn nonsense_is_no_map() {
        for answer in [
            Value::Nil,
            Value::Array(vec![Value::Int(1)]),
            Value::Array(vec![Value::Array(vec![Value::Int(0), Value::Int(1)])]),
            Value::Array(vec![range(0, 16384, "a", 1)]),
            Value::Array(vec![range(-1, 2, "a", 1)]),
            Value::Array(vec![range(3, 2, "a", 1)]),
            Value::Array(vec![range(0, 5, "a", 1), range(5, 9, "b", 1)]),
            Value::Array(vec![range(0, 5, "a", 70_000)]),
        ] {
            assert_eq!(SlotMap::read(&answer, &place("a", 9)), None, "{answer:?}");
        }
    }
}
