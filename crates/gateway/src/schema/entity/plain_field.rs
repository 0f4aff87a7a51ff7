//! Plain fields: those that an entity's own document and record answer, without arguments worth a type and without leading
//! to an object.
//!
//! Owns what such a field is. Each stands once, in a table, and from there come its place in the schema, its resolver, and
//! the text that is written when a whole entity is written at once (`super::plan`).

use async_graphql::{
    Context, Error, Object, OutputType, ServerResult, Value,
    registry::{MetaField, MetaType, Registry},
};

use super::{EntityNode, scan};
use crate::{error::GatewayError, schema::json_text::JsonText};

/// How a field is written.
type Write = fn(&EntityNode, &mut JsonText);
/// How a field is written whose argument says what of it.
type WriteKeyed = fn(&EntityNode, &str, &mut JsonText);

/// A field that an entity's own document and record answer.
pub(crate) struct PlainField {
    pub(super) name: &'static str,
    description: &'static str,
    register: fn(&mut Registry) -> String,
    answer: Answer,
}

enum Answer {
    Plain(Write),
    Keyed {
        argument: &'static str,
        description: &'static str,
        write: WriteKeyed,
    },
    /// The text of that name in `spec`, which has to be there.
    RequiredText,
    /// The text of that name in `spec`, if there is one.
    OptionalText,
}

impl PlainField {
    /// A field of type `T`.
    pub(crate) const fn new<T: OutputType>(name: &'static str, description: &'static str, write: Write) -> Self {
        Self { name, description, register: T::create_type_info, answer: Answer::Plain(write) }
    }

    /// A field of type `T` that needs to be told, in its argument, what of it is wanted.
    pub(crate) const fn keyed<T: OutputType>(
        name: &'static str,
        description: &'static str,
        (argument, about_argument): (&'static str, &'static str),
        write: WriteKeyed,
    ) -> Self {
        let answer = Answer::Keyed { argument, description: about_argument, write };
        Self { name, description, register: T::create_type_info, answer }
    }

    /// A text of `spec`, which entities of the kind have to have.
    pub(crate) const fn required_text(name: &'static str, description: &'static str) -> Self {
        Self { name, description, register: <String as OutputType>::create_type_info, answer: Answer::RequiredText }
    }

    /// A text of `spec`, null where there is none.
    pub(crate) const fn optional_text(name: &'static str, description: &'static str) -> Self {
        let register = <Option<String> as OutputType>::create_type_info;
        Self { name, description, register, answer: Answer::OptionalText }
    }

    /// Returns the name.
    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// Describes the field for the schema.
    pub(super) fn describe(&self, registry: &mut Registry) -> (String, MetaField) {
        let (template, argument) = match self.answer {
            Answer::Keyed { argument, description, .. } => ("keyed", Some((argument, description))),
            _ => ("plain", None),
        };
        let template = match registry.create_fake_output_type::<PlainTemplate>() {
            MetaType::Object { mut fields, .. } => fields.swap_remove(template),
            _ => None,
        };
        #[allow(clippy::expect_used, reason = "the template stands in this file, and the schema is made once at start")]
        let mut field = template.expect("the template has both fields");
        field.name = self.name.to_owned();
        field.description = Some(self.description.to_owned());
        field.ty = (self.register)(registry);
        if let (Some((name, description)), Some((_, mut input))) = (argument, field.args.pop()) {
            input.name = name.to_owned();
            input.description = Some(description.to_owned());
            field.args.insert(name.to_owned(), input);
        }
        (self.name.to_owned(), field)
    }

    /// Returns what is asked for in the argument; an empty text when the field has none.
    pub(super) fn key(&self, ctx: &Context<'_>) -> ServerResult<String> {
        match self.answer {
            Answer::Keyed { argument, .. } => Ok(ctx.param_value(argument, None)?.1),
            _ => Ok(String::new()),
        }
    }

    /// Writes the field.
    pub(super) fn write(&self, node: &EntityNode, key: &str, out: &mut JsonText) -> Result<(), GatewayError> {
        match self.answer {
            Answer::Plain(write) => write(node, out),
            Answer::Keyed { write, .. } => write(node, key, out),
            Answer::OptionalText => out.raw_or_null(node.spec_json_field(self.name).and_then(scan::text)),
            Answer::RequiredText => match node.spec_json_field(self.name).and_then(scan::text) {
                Some(text) => out.raw(text),
                None => {
                    let (entity_ref, field) = (node.entity_ref().to_string(), format!("spec.{}", self.name));
                    return Err(GatewayError::MissingField { entity_ref, field });
                }
            },
        }
        Ok(())
    }

    /// Answers the field.
    pub(super) fn resolve(&self, node: &EntityNode, ctx: &Context<'_>) -> ServerResult<Value> {
        let mut out = JsonText::default();
        match self.write(node, &self.key(ctx)?, &mut out) {
            Ok(()) => Ok(out.into_value()),
            Err(error) => Err(ctx.set_error_path(Error::from(error).into_server_error(ctx.item.pos))),
        }
    }
}

/// What plain fields look like; never shown under this name.
struct PlainTemplate;

#[Object]
impl PlainTemplate {
    async fn plain(&self) -> String {
        String::new()
    }

    #[allow(unused_variables, reason = "only the shape of the argument counts")]
    async fn keyed(&self, key: String) -> String {
        String::new()
    }
}
