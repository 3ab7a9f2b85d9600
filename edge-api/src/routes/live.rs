//! `GET /api/live`: a WebSocket on which pages are told what happens to images.
//!
//! Source: RFC 6455; close codes in its section 7.4.1 and the registry it founds.

#![expect(unused_qualifications, reason = "what describes the parameters is written by a macro")]

use axum::extract::rejection::QueryRejection;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::response::Response;
use live::{HubSettings, Lost, Subscription};
use serde::Deserialize;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};
use utoipa::IntoParams;
use wire::{Code, Problem};

use crate::openapi::{Faults, Refusals};
use crate::problem::ApiError;
use crate::state::{Api, Live};

/// Pages say nothing but that they are there.
const MAX_RECEIVED_BYTES: usize = 1 << 10;

/// "Going away".
const CLOSE_AWAY: u16 = 1001;
/// "Try again later".
const CLOSE_BEHIND: u16 = 1013;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// `at` of the last message that came, to be told what was missed since
    since: Option<String>,
}

/// A WebSocket on which images that become ready, fail or are deleted are announced
#[utoipa::path(get, path = "/live", operation_id = "live", params(Params), responses(
    (status = 101, description = "The WebSocket is open; each of its messages is a LiveMessage", body = wire::LiveMessage),
    (status = 404, description = "Pages ask by themselves here", body = Problem, content_type = "application/problem+json"),
    Refusals, Faults
))]
pub(crate) async fn connect(
    State(api): State<Api>,
    params: Result<Query<Params>, QueryRejection>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, ApiError> {
    let Query(Params { since }) = params?;
    let Live::Here(hub) = &api.live else {
        return Err(ApiError::new(Code::NotFound, "There are no live updates at this address."));
    };
    let upgrade = upgrade.map_err(|_| {
        ApiError::new(
            Code::BadRequest,
            "This address is for WebSockets: ask for an upgrade of the connection.",
        )
    })?;
    let subscription = hub.subscribe(since.as_deref()).ok_or_else(|| {
        ApiError::new(
            Code::Unavailable,
            "Too many pages are connected. Ask for the images now and then instead.",
        )
    })?;
    let settings = *hub.settings();
    let upgrade = upgrade.max_message_size(MAX_RECEIVED_BYTES).max_frame_size(MAX_RECEIVED_BYTES);
    Ok(upgrade.on_upgrade(move |socket| Conversation { socket, subscription, settings }.run()))
}

/// One page, until it goes, falls silent or falls behind.
struct Conversation {
    socket: WebSocket,
    subscription: Subscription,
    settings: HubSettings,
}

impl Conversation {
    async fn run(mut self) {
        let mut heartbeat = interval(self.settings.heartbeat);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut heard = Instant::now();
        loop {
            tokio::select! {
                message = self.subscription.next() => {
                    let sent = match message {
                        Ok(text) => self.send(Message::text(text.as_ref())).await,
                        Err(lost) => return self.close(lost).await,
                    };
                    if !sent {
                        return;
                    }
                }
                received = self.socket.recv() => match received {
                    None | Some(Err(_) | Ok(Message::Close(_))) => return,
                    Some(Ok(_)) => heard = Instant::now(),
                },
                _ = heartbeat.tick() => {
                    if heard.elapsed() > 2 * self.settings.heartbeat || !self.send(Message::Ping(Vec::new().into())).await {
                        return;
                    }
                }
            }
        }
    }

    /// False if the page is gone or does not take it.
    async fn send(&mut self, message: Message) -> bool {
        timeout(self.settings.send_time, self.socket.send(message)).await.is_ok_and(|sent| sent.is_ok())
    }

    async fn close(&mut self, lost: Lost) {
        let (code, reason) = match lost {
            Lost::Behind => (CLOSE_BEHIND, "too far behind"),
            Lost::Closed => (CLOSE_AWAY, "the server stops"),
        };
        self.send(Message::Close(Some(CloseFrame { code, reason: reason.into() }))).await;
    }
}
