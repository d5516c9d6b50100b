//! The ways in which a server can be away.

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Refused,
    Hang,
    Cut,
    Garbage,
    Slow,
    Full,
    ReadOnly,
    Restarted,
}

impl Fault {
    pub(crate) const ALL: [Fault; 8] = [
        Fault::Refused,
        Fault::Hang,
        Fault::Cut,
        Fault::Garbage,
        Fault::Slow,
        Fault::Full,
        Fault::ReadOnly,
        Fault::Restarted,
    ];
}
