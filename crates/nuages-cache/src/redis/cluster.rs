use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use redis::{Cmd, Value, cmd};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::endpoint::{Endpoint, Place};
use super::failure::{Failure, Refusal, Stage};
use super::link::Link;
use super::reply;
use super::slot_map::SlotMap;

/// How often a request follows the nodes' directions before it gives up.
const MAX_TRIES: u32 = 32;
/// How long it waits where only time helps.
const PAUSE: Duration = Duration::from_millis(50);

/// The nodes of a Cluster, and which of them has which slots.
///
/// A request is sent again only if the node says that it did nothing, or if sending it twice does no harm: an
/// unanswered `INCRBY` or compare-and-set may have been carried out. (The redis crate's own cluster client repeats
/// whatever was on a connection that broke.)
pub(super) struct Cluster {
    /// The nodes that the LOCATION names, which are asked for the others.
    seeds: Vec<Endpoint>,
    connect_timeout: Duration,
    nodes: Mutex<HashMap<Place, Link>>,
    map: Mutex<Option<Arc<SlotMap>>>,
    /// One look-up of the map at a time.
    refresh: tokio::sync::Mutex<()>,
}

impl Cluster {
    pub(super) fn new(seeds: Vec<Endpoint>, connect_timeout: Duration) -> Cluster {
        Cluster {
            seeds,
            connect_timeout,
            nodes: Mutex::new(HashMap::new()),
            map: Mutex::new(None),
            refresh: tokio::sync::Mutex::new(()),
        }
    }

    /// Runs a command on the node that has `slot`. `repeatable` says that it may be carried out twice.
    pub(super) async fn run(
        &self,
        slot: u16,
        command: &Cmd,
        repeatable: bool,
        deadline: Instant,
    ) -> Result<Value, Failure> {
        let mut asked = None;
        let mut tries = 0;
        loop {
            tries += 1;
            let map = self.map(None, deadline).await?;
            let place = match asked.take() {
                Some(place) => Ok((place, true)),
                None => map.owner(slot).map(|place| (place.clone(), false)).ok_or_else(uncovered),
            };
            let failure = match place {
                Ok((place, asking)) => match self.send(&place, command, asking, deadline).await {
                    Ok(value) => return Ok(value),
                    Err(failure) => self.redirected(failure, &place, slot, &mut asked),
                },
                Err(failure) => failure,
            };
            let again = match &failure.stage {
                Stage::Refused(Refusal::Moved(..) | Refusal::Ask(..)) => true,
                Stage::Refused(Refusal::Passing | Refusal::ReadOnly) | Stage::Unsent => {
                    self.pause_and_look(&map, deadline).await
                }
                Stage::Lost if repeatable && tries == 1 => self.pause_and_look(&map, deadline).await,
                Stage::Lost | Stage::Late => {
                    // The next request shall not go the same way unless the nodes say so.
                    self.look_later(map);
                    false
                }
                Stage::Refused(Refusal::NoScript | Refusal::Final) => false,
            };
            if !again || tries == MAX_TRIES || Instant::now() >= deadline {
                return Err(failure);
            }
        }
    }

    /// Runs a command on every master.
    pub(super) async fn run_on_masters(&self, command: &Cmd, deadline: Instant) -> Result<(), Failure> {
        // A map from before a fail-over names masters that are none: the nodes are asked first.
        let stale = self.known();
        let map = self.map(stale.as_ref(), deadline).await?;
        let mut answers = JoinSet::new();
        for place in map.masters() {
            let (link, command) = (self.node(&place), command.clone());
            answers.spawn(async move { reply::one(link.send(&[command], deadline).await?) });
        }
        while let Some(answer) = answers.join_next().await {
            answer.map_err(|_| Failure::unexpected())??;
        }
        Ok(())
    }

    async fn send(
        &self,
        place: &Place,
        command: &Cmd,
        asking: bool,
        deadline: Instant,
    ) -> Result<Value, Failure> {
        let link = self.node(place);
        if !asking {
            return reply::one(link.send(std::slice::from_ref(command), deadline).await?);
        }
        let mut values = link.send(&[cmd("ASKING"), command.clone()], deadline).await?;
        values.pop().ok_or_else(Failure::unexpected).and_then(reply::checked)
    }

    /// Takes note of where the node says that the slot or the key is. A node that does not know its own address
    /// gives none, and means the one it was reached by.
    fn redirected(&self, failure: Failure, from: &Place, slot: u16, asked: &mut Option<Place>) -> Failure {
        let place = |host: &str, port: u16| match from {
            Place::Tcp(from, _) if host.is_empty() => Place::Tcp(from.clone(), port),
            _ => Place::Tcp(host.to_owned(), port),
        };
        match &failure.stage {
            Stage::Refused(Refusal::Moved(host, port)) => {
                let mut map = self.map.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(known) = &*map {
                    *map = Some(Arc::new(known.moved(slot, place(host, *port))));
                }
            }
            Stage::Refused(Refusal::Ask(host, port)) => *asked = Some(place(host, *port)),
            _ => {}
        }
        failure
    }

    /// Waits a little and looks whether the Cluster has changed; `false` if the deadline comes first.
    async fn pause_and_look(&self, stale: &Arc<SlotMap>, deadline: Instant) -> bool {
        let pause = Instant::now() + PAUSE;
        if pause >= deadline {
            return false;
        }
        sleep_until(pause).await;
        // Without an answer the old map is as good as none.
        drop(self.map(Some(stale), deadline).await);
        true
    }

    /// Forgets the map, so that the next request asks the nodes.
    fn look_later(&self, stale: Arc<SlotMap>) {
        let mut map = self.map.lock().unwrap_or_else(PoisonError::into_inner);
        if map.as_ref().is_some_and(|map| Arc::ptr_eq(map, &stale)) {
            *map = None;
        }
    }

    fn known(&self) -> Option<Arc<SlotMap>> {
        self.map.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The map, from the nodes if there is none or only the one that proved stale.
    async fn map(&self, stale: Option<&Arc<SlotMap>>, deadline: Instant) -> Result<Arc<SlotMap>, Failure> {
        let fresh = |map: &Arc<SlotMap>| stale.is_none_or(|stale| !Arc::ptr_eq(stale, map));
        if let Some(map) = self.known().filter(fresh) {
            return Ok(map);
        }
        let Ok(_refresh) = timeout_at(deadline, self.refresh.lock()).await else {
            return Err(Failure::late(Stage::Unsent));
        };
        if let Some(map) = self.known().filter(fresh) {
            return Ok(map);
        }
        let map = Arc::new(self.look(deadline.min(Instant::now() + self.connect_timeout)).await?);
        self.nodes().retain(|place, _| map.has(place));
        *self.map.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&map));
        Ok(map)
    }

    /// Asks all nodes that are known at once and takes the first map that covers all slots, or else the fullest.
    async fn look(&self, deadline: Instant) -> Result<SlotMap, Failure> {
        let mut links: HashMap<Place, Link> = self.nodes().clone();
        for seed in &self.seeds {
            links.entry(seed.place.clone()).or_insert_with(|| self.node(&seed.place));
        }
        let mut answers = JoinSet::new();
        for link in links.into_values() {
            answers.spawn(async move {
                let mut question = cmd("CLUSTER");
                question.arg("SLOTS");
                let answer = reply::one(link.send(&[question], deadline).await?)?;
                SlotMap::read(&answer, &link.endpoint().place).ok_or_else(Failure::unexpected)
            });
        }
        let mut best: Option<SlotMap> = None;
        let mut failure = None;
        while let Some(answer) = answers.join_next().await {
            match answer {
                Ok(Ok(map)) if map.is_full() => return Ok(map),
                Ok(Ok(map)) => {
                    if best.as_ref().is_none_or(|best| best.covered() < map.covered()) {
                        best = Some(map);
                    }
                }
                Ok(Err(reason)) => failure = Some(reason),
                Err(_) => {}
            }
        }
        match best {
            Some(map) => Ok(map),
            None => Err(failure.unwrap_or_else(uncovered).unsent()),
        }
    }

    fn nodes(&self) -> MutexGuard<'_, HashMap<Place, Link>> {
        self.nodes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn node(&self, place: &Place) -> Link {
        let mut nodes = self.nodes();
        if let Some(link) = nodes.get(place) {
            return link.clone();
        }
        let endpoint = match self.seeds.iter().find(|seed| seed.place == *place).or(self.seeds.first()) {
            Some(seed) => Endpoint { place: place.clone(), ..seed.clone() },
            None => Endpoint { place: place.clone(), login: Arc::default(), tls: None },
        };
        let link = Link::new(endpoint, self.connect_timeout);
        nodes.insert(place.clone(), link.clone());
        link
    }
}

fn uncovered() -> Failure {
    Failure::unavailable(
        Stage::Unsent,
        "no node of the Redis Cluster has the slot of this key; bring the missing master back",
    )
}
