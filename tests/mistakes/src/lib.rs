//! The commonest mistakes, each a program that does not compile, beside what the compiler says to it.
