//! The processor as a Lambda function behind an SQS queue; with words after its name, a command.

use std::process::ExitCode;
use std::sync::Arc;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use live::Gateway;
use live::gateway::GatewaySettings;
use processor::{Processor, Settings, cli, emf::Emf, lambda};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode, Error> {
    let command = cli::command();
    tracing_subscriber::fmt().json().with_target(false).without_time().with_writer(std::io::stderr).init();
    let settings = Settings::from_env(|name| std::env::var(name).ok())?;
    let http =
        aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let shared = aws_config::defaults(BehaviorVersion::latest()).http_client(http).load().await;
    let mut processor = Processor::new(&aws_sdk_s3::Client::new(&shared), settings);
    if let Some(pages) = pages(&shared) {
        processor = processor.announcing(Arc::new(pages));
    }
    if let Some(command) = command {
        return Ok(command.run(&processor).await?);
    }
    let processor = processor.reporting(Arc::new(Emf::new(std::io::stdout())));
    let call = async |event: LambdaEvent<Value>| {
        lambda::handle(&processor, event.payload, event.context.deadline()).await.map_err(Error::from)
    };
    lambda_runtime::run(service_fn(call)).await.map(|()| ExitCode::SUCCESS)
}

/// The pages that API Gateway holds, if there are any.
fn pages(shared: &SdkConfig) -> Option<Gateway> {
    let settings = GatewaySettings::from_env(|name| std::env::var(name).ok(), shared.region()?.as_ref())?;
    let http = Connector::builder().tls_provider(Provider::Rustls(CryptoMode::Ring)).build();
    Some(Gateway::new(settings, shared.credentials_provider()?, http))
}
