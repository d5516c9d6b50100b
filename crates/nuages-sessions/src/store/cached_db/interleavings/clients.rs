//! Clients: what each does to the one session.

use std::sync::Arc;

use super::world::{World, value};
use crate::store::{Loaded, Merged, Record, Retired, Saved, Seen, Stored};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Client {
    Load,
    /// Reads, and writes what it has read a little further, as often as it takes.
    Write,
    /// Writes by existence alone.
    Overwrite,
    /// Writes under the row's lock.
    Merge,
    Delete,
    /// Reads, and deletes if it is still that.
    Retire,
}

impl Client {
    /// Runs it; what it has seen that it must not see.
    pub(super) async fn run(self, world: Arc<World>, index: usize) -> Result<(), String> {
        let mine = i64::try_from(index).unwrap() + 1;
        match self {
            Self::Load => world.load().await.map(drop),
            Self::Write => {
                let Some(stored) = world.load().await? else { return Ok(()) };
                let mut seen = stored.seen;
                loop {
                    match world.protocol.save(&world.key, &seen, &world.record(mine)).await.unwrap() {
                        Saved::Written(_) => break world.acknowledge(Some(mine)),
                        Saved::Gone => break,
                        Saved::Conflict(newer) => seen = newer.seen,
                    }
                }
                Ok(())
            }
            Self::Overwrite => {
                let saved = world.protocol.save(&world.key, &Seen::Never, &world.record(mine)).await.unwrap();
                if let Saved::Written(_) = saved {
                    world.acknowledge(Some(mine));
                }
                Ok(())
            }
            Self::Merge => {
                let record = world.record(mine);
                let merge = Box::new(move |_: Stored| -> Option<Record> { Some(record.clone()) });
                if let Merged::Written(_) = world.protocol.merge(&world.key, merge).await.unwrap() {
                    world.acknowledge(Some(mine));
                }
                Ok(())
            }
            Self::Delete => {
                world.protocol.delete(&world.key).await.unwrap();
                world.acknowledge(None);
                Ok(())
            }
            Self::Retire => {
                let Some(stored) = world.load().await? else { return Ok(()) };
                match world.protocol.retire(&world.key, &stored.seen).await.unwrap() {
                    Retired::Done | Retired::Gone => world.acknowledge(None),
                    Retired::Conflict(newer) => assert_ne!(value(&newer), value(&stored)),
                }
                Ok(())
            }
        }
    }
}

/// What was loaded, if anything.
pub(super) fn found(loaded: Loaded) -> Option<Stored> {
    match loaded {
        Loaded::Found(stored) => Some(stored),
        Loaded::Missing => None,
        other => panic!("{other:?}"),
    }
}
