//! Tables, connections, the write lock and bulk writes: what both databases have to be told, in one place.
//!
//! Owns how SQLite and PostgreSQL are opened, locked and filled quickly. It knows no rule of the catalog.
//! Start reading at [`connect`] and [`WriteTransaction`].

mod bulk;
mod connect;
mod error;
mod secret_text;
pub mod tables;
mod timestamp;
mod write_lock;

pub use bulk::{Upsert, Writing, delete_by_key, insert_rows, upsert_rows};
pub use connect::{DatabaseTarget, compact_after_bulk_write, connect, parallel_readers};
pub use error::DatabaseError;
pub use secret_text::SecretText;
pub use timestamp::Timestamp;
pub use write_lock::WriteTransaction;
