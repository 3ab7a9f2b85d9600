//! What every handler can reach.

use std::sync::Arc;

use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_s3::Client;

use crate::config::Config;
use crate::store::Store;

/// How to reach S3 and with whose rights.
#[derive(Clone, Debug)]
pub struct Aws {
    /// A client that reaches S3 from here.
    pub s3: Client,
    /// Whose rights sign the uploads.
    pub credentials: SharedCredentialsProvider,
    /// The region that signatures name.
    pub region: String,
}

/// What every handler can reach.
#[derive(Clone, Debug)]
pub(crate) struct Api {
    pub(crate) config: Arc<Config>,
    pub(crate) aws: Aws,
    pub(crate) store: Store,
}

impl Api {
    pub(crate) fn new(config: Config, aws: Aws) -> Self {
        let store = Store::new(aws.s3.clone(), &config);
        Self { config: Arc::new(config), aws, store }
    }
}
