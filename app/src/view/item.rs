//! One image of the gallery.

use leptos::prelude::*;
use wire::{Image, ImageId, Status};

use crate::text;

/// A fixed box with the thumbnail, or with what is known instead; opens the details.
#[component]
pub(crate) fn Item(image: Image, open: Callback<ImageId>) -> impl IntoView {
    let key = image.key;
    let name = image.name.clone();
    let status = match image.status {
        Status::Processing => "processing",
        Status::Ready => "ready",
        Status::Failed => "failed",
    };
    let inside = match (&image.thumbnail, image.error) {
        (Some(thumbnail), _) => view! {
            <img
                src=thumbnail.url.clone() loading="lazy" decoding="async" alt=image.name
                width=thumbnail.width height=thumbnail.height
            />
        }
        .into_any(),
        (None, Some(error)) => {
            view! { <span class="why"><b>{image.name}</b>{error.detail}</span> }.into_any()
        }
        (None, None) => view! { <span class="why"><b>{image.name}</b>{text::PROCESSING}</span> }.into_any(),
    };
    view! {
        <li class="item" data-testid="gallery-item" data-key=key.to_string() data-status=status data-name=name.clone()>
            <button type="button" class="open" title=name.clone() on:click=move |_| open.run(key)>{inside}</button>
        </li>
    }
}
