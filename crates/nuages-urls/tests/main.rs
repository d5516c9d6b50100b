//! All integration tests of the crate, in one binary.

#[cfg(test)]
mod laws;
#[cfg(test)]
mod mistakes;
#[cfg(test)]
mod recorded;
