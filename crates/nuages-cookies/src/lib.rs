//! Reading Cookie and writing Set-Cookie exactly as Django does
