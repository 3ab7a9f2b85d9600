//! One upload.

use leptos::prelude::*;

use crate::upload::state::{Check, State, Upload};
use crate::upload::{Flow, Row};
use crate::{browser, text};

/// Preview, name, where it stands, and what can be done.
#[component]
pub(crate) fn Tile(row: Row, flow: Flow) -> impl IntoView {
    let id = row.id;
    let upload = RwSignal::from(row.upload);
    let (name, bytes) = upload.with_untracked(|upload| (upload.name.clone(), upload.bytes));
    let state = Memo::new(move |_| upload.with(|upload| upload.state.name()));
    let is_retryable =
        Memo::new(move |_| upload.with(|upload| matches!(&upload.state, State::Failed(f) if f.retryable)));
    let action = move || {
        if upload.with(|upload| upload.state.is_unsafe_to_leave()) { text::CANCEL } else { text::REMOVE }
    };
    let (cancel_name, retry_name) = (name.clone(), name.clone());
    view! {
        <li class="tile" data-testid="tile" data-state=state data-name=name.clone() data-id=id>
            <Picture upload flow />
            <div class="about">
                <p class="name" title=name.clone()>{name.clone()}</p>
                <p class="size">{text::size(bytes)}</p>
                <Standing upload name=name.clone() />
            </div>
            <div class="actions">
                <Show when=move || is_retryable.get()>
                    <button
                        type="button" class="quiet" data-testid="retry"
                        aria-label=text::action_on(text::RETRY, &retry_name) on:click=move |_| flow.retry(id)
                    >
                        {text::RETRY}
                    </button>
                </Show>
                <button
                    type="button" class="quiet cross" data-testid="remove" title=action
                    aria-label=move || text::action_on(action(), &cancel_name) on:click=move |_| flow.remove(id)
                ></button>
            </div>
        </li>
    }
}

/// The preview, or the server's thumbnail after a reload, or an empty frame.
#[component]
fn Picture(upload: RwSignal<Upload>, flow: Flow) -> impl IntoView {
    let url = Memo::new(move |_| {
        upload.with(|upload| {
            let preview = upload.preview.as_ref().map(|preview| preview.url.clone());
            preview.or_else(|| upload.thumbnail_url.clone())
        })
    });
    let id = upload.with_untracked(|upload| upload.id);
    let picture = move || {
        url.get().map(|url| {
            view! {
                <img
                    src=url width="100" height="100" alt="" data-testid="preview"
                    on:load=move |_| {
                        browser::mark(&format!("imagasaur:preview:{id}"));
                        flow.shown(id);
                    }
                    on:error=move |_| flow.shown(id)
                />
            }
        })
    };
    view! { <div class="frame">{picture}</div> }
}

/// Where the upload stands, in words and, while it moves, as a bar.
#[component]
fn Standing(upload: RwSignal<Upload>, name: String) -> impl IntoView {
    let state = Memo::new(move |_| upload.with(|upload| (upload.state.clone(), upload.paused)));
    let bar_name = text::progress_of(&name);
    move || {
        let (state, is_paused) = state.get();
        match state {
            State::Uploading { .. } => uploading(upload, bar_name.clone()).into_any(),
            State::Ready(check) => ready(check).into_any(),
            State::Failed(failure) => {
                view! { <p class="failure" role="alert">{failure.sentence}</p> }.into_any()
            }
            other => view! { <p class="state">{words(&other, is_paused)}</p> }.into_any(),
        }
    }
}

fn words(state: &State, is_paused: bool) -> &'static str {
    match state {
        State::Prepared if is_paused => text::PAUSED,
        State::Waiting => text::WAITING,
        State::Preparing => text::PREPARING,
        State::Prepared => text::PREPARED,
        State::Signing => text::SIGNING,
        _ => text::PROCESSING,
    }
}

fn uploading(upload: RwSignal<Upload>, bar_name: String) -> impl IntoView {
    let bytes = upload.with_untracked(|upload| upload.bytes);
    let sent = move || upload.with(Upload::sent_bytes);
    // The browser has handed on the last byte; the store has not answered yet.
    let state =
        move || if sent() < bytes { text::uploading(sent(), bytes) } else { text::FINISHING.to_owned() };
    view! {
        <p class="state">{state}</p>
        <progress max=bytes value=sent aria-label=bar_name></progress>
    }
}

fn ready(check: Check) -> impl IntoView {
    let mark = match check {
        Check::Same => view! { <p class="same" data-verified="true">{text::SAME}</p> }.into_any(),
        Check::Different => {
            view! { <p class="failure" role="alert" data-verified="false">{text::DIFFERENT}</p> }.into_any()
        }
        Check::Unknown => ().into_any(),
    };
    view! {
        <p class="state">{text::READY}</p>
        {mark}
    }
}
