//! What the threads of a proxy share.

use std::collections::HashMap;
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::io::Errno;
use rustix::net::RecvFlags;

use super::behaviour::Behaviour;

/// How often those who wait look whether their client is still there.
const LOOK: Duration = Duration::from_millis(20);

pub(super) struct Shared {
    pub(super) upstream: SocketAddr,
    state: Mutex<State>,
    changed: Condvar,
}

pub(super) struct State {
    pub(super) behaviour: Behaviour,
    /// Counts the changes of behaviour: a limit of bytes begins anew with each.
    pub(super) change: u64,
    pub(super) open: HashMap<u64, TcpStream>,
    pub(super) accepted: u64,
}

impl Shared {
    pub(super) fn new(upstream: SocketAddr) -> Shared {
        let state = State { behaviour: Behaviour::Pass, change: 0, open: HashMap::new(), accepted: 0 };
        Shared { upstream, state: Mutex::new(state), changed: Condvar::new() }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The behaviour, and the number of its change.
    pub(super) fn now(&self) -> (Behaviour, u64) {
        let state = self.state();
        (state.behaviour, state.change)
    }

    pub(super) fn change_to(&self, behaviour: Behaviour) {
        let mut state = self.state();
        state.behaviour = behaviour;
        state.change += 1;
        self.changed.notify_all();
    }

    /// Waits until the behaviour is another than in this change, at most so long if a time is given; `false` if the
    /// client left meanwhile.
    pub(super) fn wait(&self, change: u64, client: &TcpStream, at_most: Option<Duration>) -> bool {
        let started = std::time::Instant::now();
        let mut state = self.state();
        while state.change == change {
            let rest = at_most.map(|most| most.saturating_sub(started.elapsed()));
            if rest.is_some_and(|rest| rest.is_zero()) {
                return true;
            }
            let pause = rest.unwrap_or(LOOK).min(LOOK);
            let waited = self.changed.wait_timeout(state, pause).unwrap_or_else(PoisonError::into_inner);
            state = waited.0;
            if has_left(client) {
                return false;
            }
        }
        true
    }

    /// Counts a connection; its number.
    pub(super) fn enter(&self, client: &TcpStream) -> std::io::Result<u64> {
        let copy = client.try_clone()?;
        let mut state = self.state();
        state.accepted += 1;
        let number = state.accepted;
        state.open.insert(number, copy);
        Ok(number)
    }

    pub(super) fn leave(&self, number: u64) {
        if let Some(client) = self.state().open.remove(&number) {
            client.shutdown(Shutdown::Both).ok();
        }
    }

    /// Closes all connections.
    pub(super) fn close_all(&self) {
        for client in self.state().open.values() {
            client.shutdown(Shutdown::Both).ok();
        }
    }
}

/// Whether the client has closed its end, as far as can be seen without reading what it has sent.
fn has_left(client: &TcpStream) -> bool {
    match rustix::net::recv(client, &mut [0; 1], RecvFlags::PEEK | RecvFlags::DONTWAIT) {
        Ok((_, count)) => count == 0,
        Err(e) => e != Errno::AGAIN && e != Errno::INTR,
    }
}
