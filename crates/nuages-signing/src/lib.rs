//! Django's signing: signed, timestamped and compressed values under one secret key
