//! All uploads in one line, for eyes and for screen readers.

use leptos::prelude::*;

use crate::upload::{Flow, Summary};
use crate::{browser, text};

/// Screen readers hear of progress this often at most, ms; of the end at once.
const ANNOUNCE_EVERY_MS: f64 = 5000.0;

/// The line, the bar, and what can be done with all uploads at once.
#[component]
pub(crate) fn Total(flow: Flow) -> impl IntoView {
    let summary = flow.summary;
    let offline = move || !flow.online.get() && !summary.get().is_settled();
    let bar = move || summary.with(|sum| (sum.sent_bytes * 1000).checked_div(sum.total_bytes).unwrap_or(0));
    view! {
        <div class="total" data-testid="total">
            <p class="line" aria-hidden="true">{move || line(summary.get())}</p>
            <progress max="1000" value=bar aria-label=text::UPLOADS hidden=move || summary.get().is_settled()></progress>
            <p class="visually-hidden" aria-live="polite" role="status">{announcement(summary)}</p>
            <p class="notice" role="status" hidden=move || !offline()>{text::OFFLINE}</p>
            <div class="buttons">
                <button
                    type="button" data-testid="retry-all" hidden=move || summary.get().retryable == 0
                    on:click=move |_| flow.retry_all()
                >
                    {text::RETRY_ALL}
                </button>
                <button
                    type="button" data-testid="clear-finished" hidden=move || summary.get().ready == 0
                    on:click=move |_| flow.clear_finished()
                >
                    {text::CLEAR_FINISHED}
                </button>
            </div>
        </div>
    }
}

fn line(sum: Summary) -> String {
    let done = text::done(sum.ready, sum.files, sum.failed);
    if sum.is_settled() {
        return done;
    }
    format!("{done} · {}", text::bytes_done(sum.sent_bytes, sum.total_bytes, sum.seconds_left))
}

/// The same for ears: a changing number would talk over everything else.
fn announcement(summary: RwSignal<Summary>) -> Memo<String> {
    let last = StoredValue::new((f64::MIN, String::new()));
    Memo::new(move |_| {
        let sum = summary.get();
        let (told_ms, told) = last.get_value();
        let now_ms = browser::now_ms();
        let next = match (sum.files, sum.is_settled()) {
            (0, _) => String::new(),
            (_, true) => text::all_done(sum.ready, sum.failed),
            (_, false) if now_ms - told_ms < ANNOUNCE_EVERY_MS => told,
            (_, false) => text::done(sum.ready, sum.files, sum.failed),
        };
        if last.with_value(|(_, told)| *told != next) {
            last.set_value((now_ms, next.clone()));
        }
        next
    })
}
