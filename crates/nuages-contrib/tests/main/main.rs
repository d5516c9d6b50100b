//! The tests of nuages-contrib.

mod messages;
