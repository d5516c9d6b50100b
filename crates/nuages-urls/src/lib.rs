//! Django's URL patterns: converters, ordered resolving, reversing, namespaces
