//! Every mistake in a table is reported with its place and its fix.
