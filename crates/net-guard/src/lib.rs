//! Keeps requests whose address somebody else named away from addresses that are nobody's business.
//!
//! Owns which addresses belong to the open internet, the form that an address must have, and name resolution that
//! refuses the rest. Which hosts are exempt, and what is done with an address, is the business of those who fetch or
//! deliver. Start reading at [`check_form`] for what is written and [`GuardedResolver`] for what it resolves to.

mod address;
mod resolver;

pub use address::{Refusal, check_form, host_and_port, is_public};
pub use resolver::{GuardedResolver, Lookup, RefusedAddress, system_lookup};
