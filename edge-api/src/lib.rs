//! The API of Imagasaur: signs uploads, lists images, deletes them.
//!
//! [`router`] turns a [`Config`] and an S3 client into an axum `Router`. The Lambda function and the system on
//! one machine serve that same router. Bytes of pictures never pass through here: browsers post to S3 with a
//! policy that [`sign`] made, and read thumbnails from the CDN.
//!
//! In reading order: [`config`] is what an operator sets, `router` the paths, `guard` who is let in, `surround` what every request passes
//! through, `routes` one file an endpoint, [`sign`] the upload policies, `store` the calls to S3, `cursor` the place
//! in a listing, `problem` the errors, `openapi` the description of it all.

#![forbid(unsafe_code)]

pub mod config;
mod cursor;
mod guard;
#[cfg(feature = "lambda")]
pub mod lambda;
mod openapi;
mod origin;
pub mod problem;
pub mod request_id;
mod router;
mod routes;
pub mod sign;
mod state;
mod store;
mod surround;

pub use config::{Config, PublicEndpoint};
pub use cursor::CursorKey;
pub use guard::OriginSecrets;
pub use router::{live_router, router};
pub use state::{Aws, Live};
