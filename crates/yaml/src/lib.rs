//! Every YAML parser that Callboard uses, behind one door.
//!
//! Two parsers stand behind it. Anything fetched or handed in goes through the one that survives hostile input:
//! [`parse_stream`], and [`locate`] to find a field's place again. The operator's own configuration, and YAML that we
//! write, go through the ordinary one: [`parse_config`] and [`to_yaml`]. No other crate names either of them. What a
//! document means is not known here. Start reading at [`parse_stream`].

mod config;
mod document;
mod error;
mod limits;
mod locate;
mod scalar;
mod split;
mod stream;
mod value;

pub use config::{parse_config, to_yaml};
pub use error::{YamlError, YamlErrorKind};
pub use limits::YamlLimits;
pub use locate::locate;
pub use stream::{ParsedDocument, ParsedStream, parse_stream};
