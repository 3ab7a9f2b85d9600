//! The calls to S3 that processing makes: `original` reads, `made` writes what is made and removes it.

mod error;
mod made;
mod original;

use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{ResponseChecksumValidation, StalledStreamProtectionConfig};

pub use self::error::StoreError;
pub(crate) use self::original::{Body, Head};

/// The uploads bucket that an event names, and the processed bucket.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    s3: Client,
    processed: String,
}

impl Store {
    /// `patience` is how long S3 may be silent before another try is made.
    pub(crate) fn new(s3: &Client, processed: String, patience: Duration) -> Self {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(patience)
            .read_timeout(patience)
            .operation_attempt_timeout(patience)
            .build();
        let config = s3
            .config()
            .to_builder()
            .timeout_config(timeouts)
            .stalled_stream_protection(
                StalledStreamProtectionConfig::enabled().grace_period(patience).build(),
            )
            // What arrives is hashed here anyway, and compared with what was declared.
            .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
            .build();
        Self { s3: Client::from_conf(config), processed }
    }

    /// The bucket of what is made.
    pub(crate) fn processed(&self) -> &str {
        &self.processed
    }
}
