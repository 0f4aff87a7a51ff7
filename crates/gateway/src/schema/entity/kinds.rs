//! What each kind adds to the fields that every entity has.
//!
//! One file per kind: its relation fields as a table, its other fields as resolvers. A new built-in kind is a file here
//! and a line in `any` and `typed`.

mod api;
mod component;
mod custom;
mod domain;
mod group;
mod location;
mod resource;
mod system;
mod template;
mod user;

pub(super) use api::ApiKind;
pub(super) use component::ComponentKind;
pub(super) use custom::CustomKind;
pub(super) use domain::DomainKind;
pub(super) use group::GroupKind;
pub(super) use location::LocationKind;
pub(super) use resource::ResourceKind;
pub(super) use system::SystemKind;
pub(super) use template::TemplateKind;
pub(super) use user::UserKind;
