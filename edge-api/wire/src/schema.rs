//! Descriptions, for the API's own one, of types whose JSON serde's attributes do not tell.

use std::borrow::Cow;

use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::{Object, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::id::ImageId;

impl PartialSchema for ImageId {
    fn schema() -> RefOr<Schema> {
        let text: Object = ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^[0-9a-f]{32}$"))
            .description(Some("The id of an image"))
            .build();
        RefOr::T(text.into())
    }
}

impl ToSchema for ImageId {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("ImageId")
    }
}
