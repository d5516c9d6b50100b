//! Messages against what Django wrote.
