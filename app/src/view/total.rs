//! All uploads in one line, for eyes and for screen readers.

use crate::reactive::prelude::*;

use super::actions::button;
use crate::browser;
use crate::dom::{El, el};
use crate::upload::{Flow, Summary};
use crate::words::{Arg, count, duration, say, size, t};

/// Screen readers hear of progress this often at most, ms; of the end at once.
const ANNOUNCE_EVERY_MS: f64 = 5000.0;

/// The line, the bar, and what can be done with all uploads at once.
pub(crate) fn total(flow: Flow) -> El {
    let summary = flow.summary;
    let offline = move || !flow.online.get() && !summary.get().is_settled();
    let per_mille =
        move || summary.with(|sum| (sum.sent_bytes * 1000).checked_div(sum.total_bytes).unwrap_or(0));
    let all = move |id: &str, test_id: &str, act: fn(Flow), applies: fn(&Summary) -> bool| {
        button(&t(id), move || act(flow)).attr("data-testid", test_id).shown(move || summary.with(applies))
    };
    el("div")
        .class("total")
        .attr("data-testid", "total")
        .child(el("p").class("line").attr("aria-hidden", "true").live_text(move || line(summary.get())))
        .child(
            el("progress")
                .attr("max", "1000")
                .attr("aria-label", &t("uploads"))
                .live_attr("value", move || Some(per_mille().to_string()))
                .shown(move || !summary.get().is_settled()),
        )
        .child(announcer(summary))
        .child(el("p").class("notice").attr("role", "status").shown(offline).text(&t("offline")))
        .child(
            el("div")
                .class("buttons")
                .child(all("pause-all", "pause-all", Flow::hold_all, |sum| sum.unsafe_to_leave > sum.held))
                .child(all("resume-all", "resume-all", Flow::release_all, |sum| sum.held > 0))
                .child(all("retry-all", "retry-all", Flow::retry_all, |sum| sum.retryable > 0))
                .child(all("clear-finished", "clear-finished", Flow::clear_finished, |sum| sum.ready > 0)),
        )
}

fn line(sum: Summary) -> String {
    let mut line = done(sum);
    let mut add = |part: &str| {
        line.push_str(" · ");
        line.push_str(part);
    };
    if !sum.is_settled() {
        let (sent, total) = (size(sum.sent_bytes), size(sum.total_bytes));
        add(&say("line-bytes", &[("sent", Arg::Text(&sent)), ("total", Arg::Text(&total))]));
        if let Some(rate) = sum.bytes_per_second {
            add(&say("line-rate", &[("size", Arg::Text(&size(rate)))]));
        }
        if let Some(seconds) = sum.seconds_left {
            add(&duration(seconds));
        }
    }
    line
}

fn done(sum: Summary) -> String {
    let id = if sum.failed == 0 { "done-of" } else { "done-of-failed" };
    say(id, &[("ready", sum.ready.into()), ("files", sum.files.into()), ("failed", sum.failed.into())])
}

fn all_done(sum: Summary) -> String {
    match (sum.ready, sum.failed) {
        (ready, 0) => count("all-done", "ready", ready),
        (0, failed) => count("all-failed", "failed", failed),
        (ready, failed) => say("all-mixed", &[("ready", ready.into()), ("failed", failed.into())]),
    }
}

/// The same for ears: a changing number would talk over everything else.
fn announcer(summary: RwSignal<Summary>) -> El {
    let last = StoredValue::new((f64::MIN, String::new()));
    el("p").class("visually-hidden").attr("aria-live", "polite").attr("role", "status").live_text(move || {
        let sum = summary.get();
        let (told_ms, told) = last.get_value();
        let now_ms = browser::now_ms();
        let next = match (sum.files, sum.is_settled()) {
            (0, _) => String::new(),
            (_, true) => all_done(sum),
            (_, false) if now_ms - told_ms < ANNOUNCE_EVERY_MS => told.clone(),
            (_, false) => done(sum),
        };
        if told != next {
            last.set_value((now_ms, next.clone()));
        }
        next
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_one_line() {
        let sum = Summary {
            files: 10,
            ready: 3,
            sent_bytes: 4_200_000,
            total_bytes: 21_000_000,
            seconds_left: Some(12),
            bytes_per_second: Some(1_400_000),
            ..Summary::default()
        };
        let text = "3 of 10 done · 4.2 megabyte of 21 megabyte · 1.4 megabyte/s · 12 s left";
        assert_eq!(line(sum), text);
        assert_eq!(line(Summary { ready: 8, failed: 2, ..sum }), "8 of 10 done, 2 failed");
        assert_eq!(
            all_done(Summary { ready: 1, failed: 2, ..sum }),
            "One photo added, 2 could not be added."
        );
    }
}
