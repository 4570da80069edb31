//! How the document of the API describes what is to be done. Derived, each kind would be its fields and, beside them, an
//! object with the word for it; and as no other fields than its own are taken, nothing could be both.

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::{JobParams, ScanParams};

impl PartialSchema for JobParams {
    fn schema() -> RefOr<Schema> {
        OneOfBuilder::new().item(tagged("scan", ScanParams::schema())).into()
    }
}

impl ToSchema for JobParams {}

/// Its fields with the word for its kind among them.
fn tagged(kind: &str, fields: RefOr<Schema>) -> RefOr<Schema> {
    match fields {
        RefOr::T(Schema::Object(mut object)) => {
            let word = ObjectBuilder::new().schema_type(Type::String).enum_values(Some([kind]));
            object.properties.insert("kind".into(), word.into());
            object.required.push("kind".into());
            RefOr::T(Schema::Object(object))
        }
        fields => fields,
    }
}
