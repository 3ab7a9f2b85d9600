//! What the system tells a process, and asks of it.

use std::io;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Completes at SIGINT or SIGTERM.
#[cfg(unix)]
pub(super) async fn terminated() -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}

/// Completes at Ctrl-C.
#[cfg(not(unix))]
pub(super) async fn terminated() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}

/// SIGHUP, from now on.
#[cfg(unix)]
pub(super) fn hang_up() -> io::Result<Signal> {
    signal(SignalKind::hangup())
}

/// There is no such signal here.
#[cfg(not(unix))]
pub(super) fn hang_up() -> io::Result<()> {
    Ok(())
}

/// Does something at each signal, for ever.
#[cfg(unix)]
pub(super) async fn each(mut signal: Signal, act: impl Fn()) {
    while signal.recv().await.is_some() {
        act();
    }
    std::future::pending::<()>().await;
}

/// Never does anything.
#[cfg(not(unix))]
pub(super) async fn each(_signal: (), _act: impl Fn()) {
    std::future::pending::<()>().await;
}

/// Asks for as many open files as are allowed: what a process gets at first is for programs of another age.
#[cfg(unix)]
pub(super) fn raise_file_limit() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::debug!(%error, "the limit of open files stays as it is");
    }
}

#[cfg(not(unix))]
pub(super) fn raise_file_limit() {}
