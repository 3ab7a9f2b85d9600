//! What the server tells of its own accord. While it does, nobody has to ask.

use messages::Json;
use wire::LiveMessage;

use super::backoff;
use super::flow::Flow;
use crate::browser::socket;
use crate::browser::spawn;
use crate::reactive::prelude::*;
use crate::{api, browser};

/// One connection after the other.
#[derive(Clone, Debug, Default)]
struct Line {
    url: String,
    /// The place of the last message: what came after it can be asked for.
    since: Option<String>,
    /// Attempts since the last that came about.
    tries: u32,
}

impl Flow {
    /// Connects, and again whenever the connection is lost.
    pub(super) fn listen_live(self, url: String) {
        self.connect(StoredValue::new(Line { url, ..Line::default() }));
    }

    fn connect(self, line: StoredValue<Line>) {
        let (url, since) = line.with_value(|line| (line.url.clone(), line.since.clone()));
        let url = since.map_or(url.clone(), |since| format!("{url}?since={since}"));
        let hear = move |text: &str| {
            if let Some(message) = Json::parse(text).and_then(|json| api::live_message(&json)) {
                self.take_message(line, message);
            }
        };
        let end = move || {
            self.tools.update_value(|tools| tools.is_live = false);
            // What is processed meanwhile is asked for.
            self.watch();
            self.connect_later(line);
        };
        if !socket::connect(&absolute(&url), hear, end) {
            self.connect_later(line);
        }
    }

    fn connect_later(self, line: StoredValue<Line>) {
        let tries = line.try_update_value(|line| {
            line.tries += 1;
            line.tries
        });
        spawn(async move {
            browser::sleep(backoff::before_connecting_again_ms(tries.unwrap_or(1))).await;
            self.connect(line);
        });
    }

    fn take_message(self, line: StoredValue<Line>, message: LiveMessage) {
        let at = match message {
            LiveMessage::Start { at, complete } => {
                line.update_value(|line| line.tries = 0);
                self.tools.update_value(|tools| tools.is_live = true);
                if !complete {
                    spawn(self.gallery.refresh());
                }
                // Asks once about what may have been said before the connection.
                self.watch();
                Some(at)
            }
            LiveMessage::Image { image, at } => {
                self.take(*image);
                at
            }
            LiveMessage::Deleted { key, at } => {
                self.gallery.forget(key);
                at
            }
        };
        if at.is_some() {
            line.update_value(|line| line.since = at);
        }
    }
}

/// The address with its scheme: not every browser takes a path.
fn absolute(url: &str) -> String {
    if url.starts_with("ws") {
        return url.to_owned();
    }
    let location = browser::window().location();
    let scheme = if location.protocol().is_ok_and(|scheme| scheme == "https:") { "wss" } else { "ws" };
    format!("{scheme}://{}{url}", location.host().unwrap_or_default())
}
