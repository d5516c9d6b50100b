//! The middleware chain of nuages and Django's built-in middleware
