//! What every handler can reach.

use std::sync::Arc;

use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_s3::Client;
use live::{Announcer, Hub, Nobody};

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

/// How open pages are told what happens.
#[derive(Clone, Debug, Default)]
pub enum Live {
    /// They ask by themselves.
    #[default]
    None,
    /// They are connected to this process, at `/api/live`.
    Here(Hub),
    /// They are connected elsewhere.
    Elsewhere {
        /// Where: `wss://…`
        url: String,
        /// Who tells them of images that are deleted.
        announcer: Announcer,
    },
}

impl Live {
    pub(crate) fn announcer(&self) -> Announcer {
        match self {
            Self::None => Arc::new(Nobody),
            Self::Here(hub) => Arc::new(hub.clone()),
            Self::Elsewhere { announcer, .. } => announcer.clone(),
        }
    }

    /// What `config` says; an address without a host is one of the page's own host.
    pub(crate) fn url(&self) -> Option<String> {
        match self {
            Self::None => None,
            Self::Here(_) => Some("/api/live".to_owned()),
            Self::Elsewhere { url, .. } => Some(url.clone()),
        }
    }
}

/// What every handler can reach.
#[derive(Clone, Debug)]
pub(crate) struct Api {
    pub(crate) config: Arc<Config>,
    pub(crate) aws: Aws,
    pub(crate) store: Store,
    pub(crate) live: Live,
}

impl Api {
    pub(crate) fn new(config: Config, aws: Aws, live: Live) -> Self {
        let store = Store::new(aws.s3.clone(), &config);
        Self { config: Arc::new(config), aws, store, live }
    }
}
