//! Django's built-in filters, as filters of minijinja.
