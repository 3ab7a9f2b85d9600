//! Everything about one image, in a dialog; here it can be downloaded and deleted.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{ImageDetails, ImageId};

use crate::gallery::Gallery;
use crate::{api, browser, text};

/// The link to the original works for five minutes; it is renewed before that, ms.
const FRESH_FOR_MS: u32 = 240_000;

/// Where deleting stands.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Deleting {
    No,
    Asking,
    Going,
    Failed(String),
}

/// Opens when `shown` names an image, and clears it when it is closed.
#[component]
pub(crate) fn Details(gallery: Gallery, shown: RwSignal<Option<ImageId>>) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let details = RwSignal::new(None::<Result<ImageDetails, String>>);
    let deleting = RwSignal::new(Deleting::No);
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    Effect::new(move |_| {
        let (Some(key), Some(dialog)) = (shown.get(), dialog.get()) else { return };
        details.set(None);
        deleting.set(Deleting::No);
        let _ = dialog.show_modal();
        spawn_local(async move {
            while shown.get_untracked() == Some(key) {
                let answer = api::details(key).await.map_err(|error| error.sentence());
                if shown.get_untracked() == Some(key) {
                    details.set(Some(answer));
                }
                browser::sleep(FRESH_FOR_MS).await;
            }
        });
    });
    let delete = move || {
        let Some(key) = shown.get_untracked() else { return };
        deleting.set(Deleting::Going);
        spawn_local(async move {
            match gallery.delete(key).await {
                Ok(()) => close(),
                Err(error) => deleting.set(Deleting::Failed(error.sentence())),
            }
        });
    };
    let body = move || match details.get() {
        None => view! { <p class="hint" role="status">{text::LOADING_DETAILS}</p> }.into_any(),
        Some(Err(sentence)) => view! { <p class="failure" role="alert">{sentence}</p> }.into_any(),
        Some(Ok(details)) => facts(details).into_any(),
    };
    view! {
        <dialog
            node_ref=dialog class="details" data-testid="details" aria-label=text::DETAILS prop:closedBy="any"
            on:close=move |_| shown.set(None)
        >
            <button type="button" class="quiet cross" aria-label=text::CLOSE title=text::CLOSE on:click=move |_| close()></button>
            {body}
            <Delete deleting delete />
        </dialog>
    }
}

fn facts(details: ImageDetails) -> impl IntoView {
    let ImageDetails { image, original_url, metadata } = details;
    let pixels = image.width.zip(image.height).map(|(width, height)| text::pixels(width, height));
    let kind = image.media_type.map(|kind| format!(" · {kind}")).unwrap_or_default();
    let rows = [
        (text::ADDED_ON, Some(browser::local_time(&image.created_at))),
        (text::PICTURE_SIZE, pixels),
        (text::FILE_SIZE, Some(format!("{}{kind}", text::size(image.bytes)))),
        (text::THUMBNAIL_SIZE, image.thumbnail.as_ref().map(|thumbnail| text::size(thumbnail.bytes))),
        (text::FILE_DIGEST, metadata.sha256),
    ];
    let rows = rows
        .into_iter()
        .filter_map(|(term, value)| value.map(|value| view! { <div><dt>{term}</dt><dd>{value}</dd></div> }));
    let picture = image.thumbnail.map(|thumbnail| {
        view! { <img src=thumbnail.url width=thumbnail.width height=thumbnail.height alt="" /> }
    });
    view! {
        <div class="head">
            {picture}
            <h2>{image.name.clone()}</h2>
        </div>
        {image.error.map(|error| view! { <p class="failure">{error.detail}</p> })}
        <dl>{rows.collect_view()}</dl>
        <a class="button primary" data-testid="download" href=original_url download=image.name rel="noreferrer">
            {text::DOWNLOAD}
        </a>
    }
}

/// Asks before it deletes.
#[component]
fn Delete(deleting: RwSignal<Deleting>, delete: impl Fn() + Copy + Send + Sync + 'static) -> impl IntoView {
    let keep = NodeRef::<html::Button>::new();
    // The button that was pressed is gone: the focus moves on to the harmless answer.
    Effect::new(move |_| {
        if let Some(keep) = keep.get() {
            let _ = keep.focus();
        }
    });
    let ask = move || {
        view! {
            <p>{text::DELETE_ASK}</p>
            <div class="buttons">
                <button type="button" class="danger" data-testid="delete-yes" on:click=move |_| delete()>
                    {text::DELETE_YES}
                </button>
                <button node_ref=keep type="button" on:click=move |_| deleting.set(Deleting::No)>{text::DELETE_NO}</button>
            </div>
        }
    };
    let inside = move || {
        match deleting.get() {
        Deleting::No => view! {
            <button type="button" class="quiet" data-testid="delete" on:click=move |_| deleting.set(Deleting::Asking)>
                {text::DELETE}
            </button>
        }
        .into_any(),
        Deleting::Asking => ask().into_any(),
        Deleting::Going => view! { <p role="status">{text::DELETING}</p> }.into_any(),
        Deleting::Failed(sentence) => view! { <p class="failure" role="alert">{sentence}</p> {ask()} }.into_any(),
    }
    };
    view! { <div class="delete">{inside}</div> }
}
