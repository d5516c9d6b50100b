//! An engine under test and its faults.

use nuages_sessions::SessionEngine;

use crate::fault::Fault;
use crate::operation::Operation;

/// An engine with a server that can be put out of order.
pub(crate) trait Stand {
    /// As the page calls it.
    fn title(&self) -> &'static str;

    /// What the fault is to this engine.
    fn fault(&self, fault: Fault) -> &'static str {
        match fault {
            Fault::Refused => "refuses connections",
            Fault::Hang => "accepts connections and hangs",
            Fault::Cut => "breaks off in its reply",
            Fault::Garbage => "answers garbage",
            Fault::Slow => "takes 1 s longer",
            Fault::Full => "is full",
            Fault::ReadOnly => "is read-only",
            Fault::Restarted => "was killed and restarted",
        }
    }

    /// Why there is no such cell for this engine; none if there is.
    fn lacks(&self, fault: Fault, operation: Operation) -> Option<&'static str>;

    /// Before the sessions of a row are made.
    async fn prepare(&mut self, _fault: Fault) {}

    /// The engine as a site has it, talking through whatever makes the faults.
    fn engine(&self) -> SessionEngine;

    /// A new engine that talks to the server itself, to see what is there.
    async fn witness(&self) -> SessionEngine;

    /// Whether the engine is made anew as the fault begins: such a fault cannot happen to one that runs.
    fn begins_anew(&self, _fault: Fault) -> bool {
        false
    }

    /// The server forgets its sessions when it restarts.
    fn forgets(&self) -> bool {
        false
    }

    /// Puts the server out of order. For a restart, that is over when this returns.
    async fn begin(&mut self, fault: Fault, sessions: &[String]);

    /// Brings it back.
    async fn end(&mut self, fault: Fault);

    /// How many connections the engine has open, if that can be counted.
    fn connections(&self) -> Option<usize> {
        None
    }
}
