//! How often a client may ask.
//!
//! Owns counting; who a client is, is the caller's to say.
