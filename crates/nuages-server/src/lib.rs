//! A hyper server with time-outs, limits and a graceful end
