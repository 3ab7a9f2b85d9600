//! Imagasaur on one machine: what AWS is to the system in the cloud, in one process.
//!
//! | on AWS                      | here                                                              |
//! |-----------------------------|-------------------------------------------------------------------|
//! | S3                          | [`s3`]: the protocol, over [`store`]: objects that survive a crash |
//! | S3 notifications and SQS    | [`queue`], in the same database as the objects                     |
//! | Lambda and API Gateway      | [`serve`]: runs the same `processor` and the same `edge-api`       |
//! | CloudFront                  | [`front`]: the page, `/api`, `/thumbs`, on one port                |
//! | logs and alarms             | [`metrics`], and lines of log                                      |
//! | load balancers, WAF         | [`server`]: connections, TLS, proxies; [`limits`]: what clients may take |
//!
//! `thumb` is the engine as a command, for files and folders; [`check`] and [`admin`] are for who runs it.

#![forbid(unsafe_code)]

pub mod admin;
pub mod again;
pub mod check;
pub mod cli;
pub mod fail_point;
pub mod front;
pub mod limits;
mod log;
pub mod metrics;
pub mod queue;
pub mod s3;
pub mod serve;
pub mod server;
pub mod store;
mod thumb;
