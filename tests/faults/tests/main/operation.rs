//! What a site does with a session.

/// A column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    /// A page reads the session.
    Load,
    /// A page that has read it saves a change.
    Save,
    /// A visitor gets a first session.
    Create,
    /// A logout ends the session.
    Delete,
    /// A login gives the session a new key.
    Cycle,
    /// `clearsessions` deletes what has expired.
    Clear,
}

impl Operation {
    pub(crate) const ALL: [Operation; 6] = [
        Operation::Load,
        Operation::Save,
        Operation::Create,
        Operation::Delete,
        Operation::Cycle,
        Operation::Clear,
    ];

    /// Those that need room before those that give it back.
    pub(crate) const IN_TURNS: [Operation; 6] = [
        Operation::Load,
        Operation::Save,
        Operation::Create,
        Operation::Cycle,
        Operation::Delete,
        Operation::Clear,
    ];

    pub(crate) fn title(self) -> &'static str {
        match self {
            Operation::Load => "load",
            Operation::Save => "save",
            Operation::Create => "create",
            Operation::Delete => "delete",
            Operation::Cycle => "cycle",
            Operation::Clear => "clear",
        }
    }
}
