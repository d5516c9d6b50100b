//! Who somebody is (`django.contrib.auth`): so far, passwords.

pub mod hashers;
