//! Every order of the steps of several clients, against a model.
//!
//! A client is a future that stops before each operation of a row or an entry; the test polls them in every order, or in
//! random ones. The model is the history of the row. Whatever a load returns must have been the row at some moment
//! since the last operation that was acknowledged before the load began: so nothing acknowledged is lost to a reader, and
//! after a logout that was acknowledged nothing is read at all. When all clients are done, a load returns the row as it is.

mod clients;
mod world;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Waker};

use self::clients::Client;
use self::world::World;
use super::protocol::Step;

/// What may happen at a point of a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    /// A client goes one step on.
    Step(usize),
    /// A client dies.
    Crash(usize),
    /// The cache drops the entry, a mark for instance whose time has passed.
    Evict,
}

/// Clients, and what befalls them.
#[derive(Clone, Debug)]
struct Scenario {
    clients: Vec<Client>,
    /// Is the entry in the cache at the beginning?
    cached: bool,
    /// How many clients may die, from the first on.
    crashes: usize,
    mortal: usize,
    evictions: usize,
    omitted: Option<Step>,
}

impl Scenario {
    fn of(clients: &[Client]) -> Self {
        let clients = clients.to_vec();
        Self { mortal: clients.len(), clients, cached: true, crashes: 0, evictions: 0, omitted: None }
    }

    /// Runs it; `choose` picks one of so many events at each point. What went wrong, if anything.
    fn run(&self, mut choose: impl FnMut(usize) -> usize) -> Result<(), String> {
        let world = Arc::new(World::new(self.cached, self.omitted));
        type Running = Pin<Box<dyn Future<Output = Result<(), String>>>>;
        let mut running: Vec<Option<Running>> = self
            .clients
            .iter()
            .enumerate()
            .map(|(index, client)| Some(Box::pin(client.run(Arc::clone(&world), index)) as Running))
            .collect();
        let (mut crashes, mut evictions, mut trace) = (self.crashes, self.evictions, Vec::new());
        while running.iter().any(Option::is_some) {
            let alive = || running.iter().enumerate().filter(|(_, client)| client.is_some()).map(|(i, _)| i);
            let mut events: Vec<Event> = alive().map(Event::Step).collect();
            if crashes > 0 {
                events.extend(alive().filter(|client| *client < self.mortal).map(Event::Crash));
            }
            if evictions > 0 {
                events.push(Event::Evict);
            }
            let event = events[choose(events.len())];
            trace.push(event);
            match event {
                Event::Step(client) => {
                    let future = running[client].as_mut().unwrap();
                    if let std::task::Poll::Ready(outcome) = step(future.as_mut()) {
                        outcome.map_err(|error| format!("{error} after {trace:?} in {self:?}"))?;
                        running[client] = None;
                    }
                }
                Event::Crash(client) => {
                    running[client] = None;
                    crashes -= 1;
                }
                Event::Evict => {
                    world.evict();
                    evictions -= 1;
                }
            }
        }
        let died = crashes < self.crashes;
        let strict = !died || self.mortal < self.clients.len();
        let mut last = Box::pin(world.check_the_end(strict));
        loop {
            if let std::task::Poll::Ready(outcome) = step(last.as_mut()) {
                return outcome.map_err(|error| format!("{error} after {trace:?} in {self:?}"));
            }
        }
    }

    /// Runs it in every order; the number of orders.
    fn run_all(&self) -> Result<usize, String> {
        let (mut schedule, mut runs): (Vec<(usize, usize)>, usize) = (Vec::new(), 0);
        loop {
            let mut at = 0;
            self.run(|count| {
                if at == schedule.len() {
                    schedule.push((0, count));
                }
                at += 1;
                schedule[at - 1].0
            })?;
            runs += 1;
            schedule.truncate(at);
            // The next schedule in order: the last choice that has an alternative takes it.
            while schedule.last().is_some_and(|(choice, count)| choice + 1 == *count) {
                schedule.pop();
            }
            match schedule.last_mut() {
                Some((choice, _)) => *choice += 1,
                None => return Ok(runs),
            }
        }
    }
}

fn step<T>(future: Pin<&mut (dyn Future<Output = T> + '_)>) -> std::task::Poll<T> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// Those that are run in every order: the long ones, of which there are a million orders, if asked for.
fn scenarios(long: bool) -> Vec<Scenario> {
    use Client::{Delete, Load, Overwrite, Retire, Write};
    // A logout that dies leaves no entry without its row, as long as nobody writes at the same time.
    let mut all = Vec::new();
    for cached in [true, false] {
        for clients in [&[Delete, Load][..], &[Retire, Load]] {
            all.push(Scenario { cached, crashes: 1, mortal: 1, ..Scenario::of(clients) });
        }
    }
    let pairs = [
        [Load, Delete],
        [Load, Overwrite],
        [Load, Load],
        [Overwrite, Overwrite],
        [Overwrite, Delete],
        [Write, Delete],
        [Write, Overwrite],
        [Retire, Overwrite],
        [Retire, Load],
        [Retire, Delete],
    ];
    for clients in pairs {
        for cached in [true, false] {
            all.push(Scenario { cached, ..Scenario::of(&clients) });
            let short = clients.iter().all(|client| matches!(client, Load | Overwrite | Delete));
            if long || (short && cached) {
                all.push(Scenario { cached, evictions: 1, ..Scenario::of(&clients) });
            }
            if long {
                all.push(Scenario { cached, crashes: 1, evictions: 1, ..Scenario::of(&clients) });
            }
        }
    }
    if long {
        let clients = [[Load, Overwrite, Delete], [Overwrite, Overwrite, Load], [Load, Load, Delete]];
        all.extend(clients.iter().map(|clients| Scenario::of(clients)));
        all.push(Scenario { cached: false, crashes: 1, mortal: 1, ..Scenario::of(&[Delete, Load, Load]) });
    }
    all
}

fn is_long() -> bool {
    std::env::var_os("LONG_TESTS").is_some()
}

/// Timers of the cache's patience need a runtime around them.
fn within_a_runtime<T>(work: impl FnOnce() -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let _entered = runtime.enter();
    work()
}

#[test]
fn no_order_of_steps_shows_what_is_not_there() {
    let runs: usize = within_a_runtime(|| {
        let run_all = |scenario: Scenario| scenario.run_all().unwrap_or_else(|error| panic!("{error}"));
        scenarios(is_long()).into_iter().map(run_all).sum()
    });
    println!("{runs} orders");
    assert!(runs > 1_000);
}

#[test]
fn every_step_is_needed() {
    within_a_runtime(|| {
        for step in [
            Step::MarkBeforeReading,
            Step::MarkBeforeWriting,
            Step::CompareTheMark,
            Step::DeleteWhatOthersFilled,
            Step::MarkBeforeDeleting,
            Step::DeleteAfterTheRow,
        ] {
            let omitted = Some(step);
            let found = scenarios(false)
                .into_iter()
                .find_map(|scenario| Scenario { omitted, ..scenario }.run_all().err());
            let found = found.unwrap_or_else(|| panic!("nothing goes wrong without {step:?}"));
            println!("without {step:?}: {found}");
        }
    });
}

#[test]
fn random_orders_of_many_clients() {
    let rounds = if is_long() { 200_000 } else { 2_000 };
    within_a_runtime(|| {
        for round in 0..rounds {
            let mut random = Random(round);
            let all = [
                Client::Load,
                Client::Load,
                Client::Write,
                Client::Overwrite,
                Client::Merge,
                Client::Delete,
                Client::Retire,
            ];
            let clients: Vec<Client> =
                (0..3 + random.below(4)).map(|_| all[random.below(all.len())]).collect();
            let scenario = Scenario {
                cached: random.below(2) == 0,
                crashes: random.below(3),
                evictions: random.below(3),
                ..Scenario::of(&clients)
            };
            if let Err(error) = scenario.run(|count| random.below(count)) {
                panic!("round {round}: {error}");
            }
        }
    });
}

/// splitmix64: the same rounds every time.
struct Random(u64);

impl Random {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % count as u64) as usize
    }
}
