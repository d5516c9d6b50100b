//! Nothing: the test beside it links nuages and sqlx into one program.
