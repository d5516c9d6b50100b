//! An in-process client for tests, with a cookie jar true to browsers
