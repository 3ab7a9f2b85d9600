//! The processor as a Lambda function behind an SQS queue.

use std::sync::Arc;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use live::Gateway;
use live::gateway::GatewaySettings;
use processor::{Processor, Settings};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    tracing_subscriber::fmt().json().with_target(false).without_time().init();
    let settings = Settings::from_env(|name| std::env::var(name).ok())?;
    let http =
        aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let shared = aws_config::defaults(BehaviorVersion::latest()).http_client(http).load().await;
    let mut processor = Processor::new(aws_sdk_s3::Client::new(&shared), settings);
    if let Some(pages) = pages(&shared) {
        processor = processor.announcing(Arc::new(pages));
    }
    lambda_runtime::run(service_fn(|event: LambdaEvent<SqsEvent>| batch(&processor, event.payload))).await
}

/// The pages that API Gateway holds, if there are any.
fn pages(shared: &SdkConfig) -> Option<Gateway> {
    let settings = GatewaySettings::from_env(|name| std::env::var(name).ok(), shared.region()?.as_ref())?;
    let http = Connector::builder().tls_provider(Provider::Rustls(CryptoMode::Ring)).build();
    Some(Gateway::new(settings, shared.credentials_provider()?, http))
}

/// Handles each message by itself; only those that fail come again.
async fn batch(processor: &Processor, event: SqsEvent) -> Result<SqsBatchResponse, Error> {
    let mut response = SqsBatchResponse::default();
    for message in event.records {
        let tries = message.attributes.get("ApproximateReceiveCount").and_then(|count| count.parse().ok());
        let body = message.body.unwrap_or_default();
        if let Err(error) = processor.handle(&body, tries.unwrap_or(1)).await {
            tracing::error!(message_id = message.message_id, %error, "the message has to come again");
            let mut failure = BatchItemFailure::default();
            failure.item_identifier = message.message_id.unwrap_or_default();
            response.batch_item_failures.push(failure);
        }
    }
    Ok(response)
}
