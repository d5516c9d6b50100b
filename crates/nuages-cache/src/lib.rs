//! Django's cache interface and its backends
