//! Leave to send one file, and only that one, straight to S3: POST policies with AWS Signature Version 4.
//!
//! Source: Amazon S3 API reference, "Authenticating Requests: Browser-Based Uploads Using POST (AWS Signature
//! Version 4)".

mod policy;

pub use policy::{SignedForm, Upload, sign};
