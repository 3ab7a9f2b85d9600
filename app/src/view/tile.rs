//! One upload.

use web_sys::Event;

use super::actions::{button, icon_button};
use crate::browser;
use crate::dom::{El, el};
use crate::reactive::prelude::*;
use crate::upload::Flow;
use crate::upload::state::{Check, State, Upload};
use crate::words::{Arg, action_on, say, size, t};

/// The upload that a tile shows.
type Shown = ArcRwSignal<Upload>;

/// Preview, name, where it stands, and what can be done.
pub(crate) fn tile(id: u32, flow: Flow) -> El {
    let Some(upload) = flow.uploads.one(id) else { return el("li") };
    let (name, bytes) = upload.with_untracked(|upload| (upload.name.clone(), upload.bytes));
    let state = look(&upload, |upload| upload.state.name());
    el("li")
        .class("tile")
        .attr("data-testid", "tile")
        .attr("data-name", &name)
        .attr("data-id", &id.to_string())
        .live_attr("data-state", move || Some(state().to_owned()))
        .child(picture(id, &upload, flow))
        .child(
            el("div")
                .class("about")
                .child(el("p").class("name").attr("title", &name).child(el("bdi").text(&name)))
                .child(el("p").class("size").text(&size(bytes)))
                .child(standing(&upload, &name)),
        )
        .child(actions(id, &upload, flow, name))
}

/// A part of the upload; the caller hears of every change.
fn look<T, F: Fn(&Upload) -> T>(upload: &Shown, part: F) -> impl Fn() -> T + use<T, F> {
    let upload = upload.clone();
    move || upload.with(&part)
}

/// The preview, or the server's thumbnail after a reload, or an empty frame.
fn picture(id: u32, upload: &Shown, flow: Flow) -> El {
    let url = look(upload, |upload| {
        let preview = upload.preview.as_ref().map(|preview| preview.url.clone());
        preview.or_else(|| upload.thumbnail_url.clone())
    });
    el("div").class("frame").part_of(url, move |url| {
        url.as_ref().map(|url| {
            el("img")
                .on("load", move |_: Event| {
                    browser::mark(&format!("imagasaur:preview:{id}"));
                    flow.shown(id);
                })
                .on("error", move |_: Event| flow.shown(id))
                .attr("width", "100")
                .attr("height", "100")
                .attr("alt", "")
                .attr("data-testid", "preview")
                .attr("src", url)
        })
    })
}

/// Where the upload stands, in words and, while it moves, as a bar.
fn standing(upload: &Shown, name: &str) -> El {
    let now = look(upload, |upload| {
        // Progress is followed by the bar alone.
        let state = match &upload.state {
            State::Uploading { .. } => State::Uploading { sent: 0 },
            other => other.clone(),
        };
        (state, upload.paused, upload.held)
    });
    let (upload, bar_name) = (upload.clone(), say("upload-of", &[("name", Arg::Text(name))]));
    el("div").class("standing").part_of(now, move |(state, is_paused, is_held)| {
        let line = |id: &str| el("p").class("state").text(&t(id));
        Some(match state {
            State::Uploading { .. } => uploading(&upload, &bar_name),
            State::Ready(check) => ready(line("ready"), *check),
            State::Failed(failure) => el("p").class("failure").attr("role", "alert").text(&failure.sentence),
            State::Duplicate { of } => el("p")
                .class("state")
                .attr("role", "status")
                .text(&say("duplicate", &[("name", Arg::Text(of))])),
            State::Processing => line("processing"),
            _ if *is_held => line("paused"),
            State::Prepared if *is_paused => line("interrupted"),
            State::Prepared => line("prepared"),
            State::Preparing => line("preparing"),
            State::Signing => line("signing"),
            State::Waiting => line("waiting"),
        })
    })
}

fn uploading(upload: &Shown, bar_name: &str) -> El {
    let bytes = upload.with_untracked(|upload| upload.bytes);
    let (sent, sent_too) = (look(upload, Upload::sent_bytes), look(upload, Upload::sent_bytes));
    let state = move || match sent() {
        sent if sent < bytes => {
            say("sent-of", &[("sent", Arg::Text(&size(sent))), ("total", Arg::Text(&size(bytes)))])
        }
        // The browser has handed on the last byte; the store has not answered yet.
        _ => t("finishing"),
    };
    el("div").child(el("p").class("state").live_text(state)).child(
        el("progress")
            .attr("max", &bytes.to_string())
            .attr("aria-label", bar_name)
            .live_attr("value", move || Some(sent_too().to_string())),
    )
}

fn ready(line: El, check: Check) -> El {
    let ready = el("div").child(line);
    match check {
        Check::Same => ready.child(el("p").class("same").attr("data-verified", "true").text(&t("same"))),
        Check::Different => ready.child(
            el("p")
                .class("failure")
                .attr("role", "alert")
                .attr("data-verified", "false")
                .text(&t("different")),
        ),
        Check::Unknown => ready,
    }
}

fn actions(id: u32, upload: &Shown, flow: Flow, name: String) -> El {
    let is_open = look(upload, |upload| upload.state.is_unsafe_to_leave());
    let can_move = look(upload, |upload| upload.state.is_unsafe_to_leave().then_some(upload.held));
    let again = look(upload, |upload| match &upload.state {
        State::Failed(failure) if failure.retryable => Some("retry"),
        State::Duplicate { .. } => Some("send-anyway"),
        _ => None,
    });
    let of_name = move |action: &str| action_on(&t(action), &name);
    let remove_name = {
        let of_name = of_name.clone();
        move |is_open: &bool| of_name(if *is_open { "cancel" } else { "remove" })
    };
    let again_name = of_name.clone();
    el("div")
        .class("actions")
        .part_of(is_open, move |is_open| {
            let button = icon_button("cross", &remove_name(is_open), move || flow.remove(id));
            Some(button.attr("data-testid", "remove"))
        })
        .part_of(can_move, move |is_held| {
            let is_held = (*is_held)?;
            Some(if is_held {
                icon_button("play", &of_name("resume"), move || flow.release(id))
                    .attr("data-testid", "resume")
            } else {
                icon_button("pause", &of_name("pause"), move || flow.hold(id)).attr("data-testid", "pause")
            })
        })
        .part_of(again, move |again| {
            let again = (*again)?;
            let button =
                button(&t(again), move || flow.retry(id)).class("quiet").attr("data-testid", "retry");
            Some(button.attr("aria-label", &again_name(again)))
        })
}
