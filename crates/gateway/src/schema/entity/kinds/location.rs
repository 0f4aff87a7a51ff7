//! What an entity of kind Location adds. It is not a registered location, though one may have led to it.

use crate::schema::entity::{
    EntityNode,
    plain_field::PlainField,
    relation_field::RelationField,
    scan,
    typed::{EntityKind, NoFields},
};

/// The kind `Location`.
pub(crate) struct LocationKind;

impl EntityKind for LocationKind {
    const NAME: &'static str = "Location";
    const DESCRIPTION: &'static str = "An entity that names other files with entities. Locations that were registered or configured are of type \
         `RegisteredLocation`.";
    const PLAIN: &'static [PlainField] = &[
        PlainField::optional_text(
            "type",
            "`spec.type`: `url` or `file`; null when it is that of the file that it stands in.",
        ),
        PlainField::new::<Vec<String>>(
            "targets",
            "The files that it names, as written: `spec.target` and `spec.targets`.",
            |node, out| {
                let field = |key| node.spec_json_field(key);
                out.texts(field("target").into_iter().chain(scan::items(field("targets").unwrap_or_default())));
            },
        ),
        PlainField::new::<String>(
            "presence",
            "`spec.presence`: `required` when it is a problem that a target is not there, or `optional`.",
            |node, out| {
                out.raw(node.spec_json_field("presence").and_then(scan::text).unwrap_or("\"required\""));
            },
        ),
    ];
    const RELATIONS: &'static [RelationField] = &[];
    type Fields<'a> = NoFields;

    fn fields(_: &EntityNode) -> NoFields {
        NoFields
    }
}
