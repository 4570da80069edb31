//! How the document of the API describes what is to be done. Derived, each kind would be its fields and, beside them, an
//! object with the word for it; and as no other fields than its own are taken, nothing could be both.

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::id::JobId;
use crate::location::Place;

use super::{ConflictPolicy, JobParams, RollbackParams, ScanParams, TransferParams};

impl PartialSchema for JobParams {
    fn schema() -> RefOr<Schema> {
        OneOfBuilder::new()
            .item(tagged("scan", ScanParams::schema()))
            .item(tagged("transfer", TransferParams::schema()))
            .item(tagged("rollback", RollbackParams::schema()))
            .into()
    }
}

impl ToSchema for JobParams {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        ScanParams::schemas(schemas);
        TransferParams::schemas(schemas);
        RollbackParams::schemas(schemas);
        for (name, schema) in [
            (Place::name(), Place::schema()),
            (ConflictPolicy::name(), ConflictPolicy::schema()),
            (JobId::name(), JobId::schema()),
        ] {
            schemas.push((name.into_owned(), schema));
        }
    }
}

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
