//! The fields that every entity has and that are single values.
//!
//! Owns them once, for the interface `Entity` and for its ten types alike. Compound fields stand in `details`, what a kind
//! adds in `kinds`.

use async_graphql::ID;
use callboard_entity_model::RelationType;
use chrono::{DateTime, Utc};

use super::{EntityNode, plain_field::PlainField, scan};
use crate::schema::{
    global_id::GlobalId,
    json_text::JsonText,
    scalars::{EntityRefScalar, JsonScalar, RevisionScalar},
};

/// The shared fields.
pub(super) const SHARED: &[PlainField] = &[
    PlainField::new::<ID>(
        "id",
        "Opaque key that stays the same for as long as the entity is in the catalog.",
        |node, out| out.text(&GlobalId::Entity(node.entity_ref().clone()).encode()),
    ),
    PlainField::new::<EntityRefScalar>("ref", "The reference, in its full form.", |node, out| {
        out.text(node.entity_ref().as_str())
    }),
    PlainField::new::<String>(
        "apiVersion",
        "The version of the kind's form, for example `backstage.io/v1alpha1`.",
        |node, out| out.raw(node.outline().api_version.text_of(node.document()).unwrap_or("\"\"")),
    ),
    PlainField::new::<String>("kind", "The kind as written, for example `Component`.", |node, out| {
        out.raw_or_text(node.outline().kind.text_of(node.document()), node.entity_ref().kind())
    }),
    PlainField::new::<String>("namespace", "The namespace, `default` when none is written.", |node, out| {
        out.raw_or_text(node.outline().namespace.text_of(node.document()), node.entity_ref().namespace())
    }),
    PlainField::new::<String>("name", "The name as written.", write_name),
    PlainField::new::<Option<String>>("title", "The title for people; null when none is written.", |node, out| {
        out.raw_or_null(node.outline().title.text_of(node.document()))
    }),
    PlainField::new::<String>(
        "displayName",
        "What to show to people: the title, else the profile's name of a user or group, else the name.",
        |node, out| {
            let profile_name = || match node.entity_ref().kind() {
                "user" | "group" => {
                    node.spec_json_field("profile").and_then(|it| scan::pick(it, "displayName")).and_then(scan::text)
                }
                _ => None,
            };
            match node.outline().title.text_of(node.document()).or_else(profile_name) {
                Some(name) => out.raw(name),
                None => write_name(node, out),
            }
        },
    ),
    PlainField::new::<Option<String>>("description", "A sentence about it; null when none is written.", |node, out| {
        out.raw_or_null(node.outline().description.text_of(node.document()))
    }),
    PlainField::new::<Vec<String>>("tags", "Tags, in the order written.", |node, out| {
        out.texts(scan::items(node.outline().tags.of(node.document()).unwrap_or_default()))
    }),
    PlainField::keyed::<Option<String>>(
        "annotation",
        "The value of one annotation; null when there is none of that key.",
        ("key", "The whole key, with its prefix."),
        |node, key, out| out.raw_or_null(node.annotation_json(key)),
    ),
    PlainField::new::<JsonScalar>("metadata", "`metadata` as a whole.", |node, out| {
        out.raw(node.outline().metadata.of(node.document()).unwrap_or("{}"))
    }),
    PlainField::new::<JsonScalar>("spec", "`spec` as a whole; an empty object when there is none.", |node, out| {
        out.raw(node.outline().spec(node.document()).unwrap_or("{}"))
    }),
    PlainField::new::<String>(
        "etag",
        "Fingerprint of the stored document: another one after each change.",
        |node, out| out.text(&node.record().hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>()),
    ),
    PlainField::new::<RevisionScalar>("revision", "The revision that gave it its present form.", |node, out| {
        out.raw(&node.record().revision.to_string())
    }),
    PlainField::new::<DateTime<Utc>>("createdAt", "When it first came into the catalog.", |node, out| {
        out.text(&node.record().created_at.to_rfc3339())
    }),
    PlainField::new::<DateTime<Utc>>("updatedAt", "When it got its present form.", |node, out| {
        out.text(&node.record().updated_at.to_rfc3339())
    }),
    PlainField::new::<Option<EntityRefScalar>>(
        "ownerRef",
        "The reference of its owner; null when it has none. Of several owners, the first.",
        |node, out| match node.handle().first_target(RelationType::OwnedBy) {
            Some(owner) => out.text(owner.as_str()),
            None => out.raw("null"),
        },
    ),
];

fn write_name(node: &EntityNode, out: &mut JsonText) {
    out.raw_or_text(node.outline().name.text_of(node.document()), node.entity_ref().name());
}
