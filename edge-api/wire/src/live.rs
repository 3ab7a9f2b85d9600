//! What the server says on `/api/live`: one JSON text a message.

use serde::{Deserialize, Serialize};

use crate::api::Image;
use crate::id::ImageId;

/// A message. `at` is the place of a message in the order of all: handed back as `since` when a connection was lost,
/// it has the server say what was missed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum LiveMessage {
    /// The first of a connection.
    Start {
        /// Where this connection starts.
        at: String,
        /// False if what happened since `since` is not known any more: list the images again.
        complete: bool,
    },
    /// An image is ready or has failed.
    Image {
        /// The image, as in a listing.
        image: Box<Image>,
        /// Missing where connections are not kept in one place.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<String>,
    },
    /// An image was deleted.
    Deleted {
        /// Which one.
        key: ImageId,
        /// As above.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<String>,
    },
}
