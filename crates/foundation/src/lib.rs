//! What lies under every other crate: the closed list of error codes, the clock, and id generation.
//!
//! Nothing else belongs here; a fourth thing needs a decision record. It knows no domain type and does no I/O.

mod clock;
mod error_code;
mod id;

pub use clock::Clock;
pub use error_code::ErrorCode;
pub use id::new_id;
