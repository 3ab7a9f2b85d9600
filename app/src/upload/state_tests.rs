use wire::FailureCode;

use super::*;

fn preview() -> Preview {
    Preview { url: "blob:1".into(), sha256: "aa".into(), source_type: MediaType::Jpeg }
}

fn key() -> ImageId {
    ImageId::new(1, [7; 10])
}

fn finished(sha256: &str) -> Event {
    Event::Finished { thumbnail_url: "/thumbs/1".into(), sha256: sha256.into() }
}

fn interrupted(counts: bool) -> Event {
    Event::Interrupted { sentence: "No network.".into(), counts }
}

/// An upload after these events, all of which fit.
fn after(events: impl IntoIterator<Item = Event>) -> Upload {
    let mut upload = Upload::new(1, "a.jpg".into(), 1000);
    for event in events {
        assert!(upload.apply(event.clone()), "{event:?} does not fit {:?}", upload.state);
    }
    upload
}

fn until_prepared() -> Vec<Event> {
    vec![Event::Started, Event::Previewed(preview()), Event::Shown, Event::Digested("d=".into())]
}

fn until_uploading() -> Vec<Event> {
    [until_prepared(), vec![Event::Signing, Event::Signed(key())]].concat()
}

fn until_processing() -> Vec<Event> {
    [until_uploading(), vec![Event::Sent(400), Event::Arrived]].concat()
}

#[test]
fn goes_from_waiting_to_ready() {
    let mut upload = after(until_processing());
    assert_eq!(upload.sent_bytes(), 1000);
    assert!(upload.apply(finished("aa")));
    assert_eq!(upload.state, State::Ready(Check::Same));
    assert_eq!(upload.thumbnail_url.as_deref(), Some("/thumbs/1"));
}

#[test]
fn a_different_thumbnail_is_noticed() {
    let mut upload = after(until_processing());
    upload.apply(finished("bb"));
    assert_eq!(upload.state, State::Ready(Check::Different));
}

#[test]
fn a_remembered_upload_has_nothing_to_compare() {
    let mut upload = Upload::remembered(1, key(), "a.jpg".into(), 5);
    assert!(upload.apply(finished("bb")));
    assert_eq!(upload.state, State::Ready(Check::Unknown));
}

#[test]
fn nothing_is_sent_before_the_preview_is_shown_and_the_digest_is_there() {
    for last_two in
        [[Event::Shown, Event::Digested("d=".into())], [Event::Digested("d=".into()), Event::Shown]]
    {
        let mut upload = after([Event::Started]);
        assert!(!upload.is_sendable() && !upload.apply(Event::Signing));
        upload.apply(Event::Previewed(preview()));
        for event in last_two {
            assert!(!upload.is_sendable());
            assert!(upload.apply(event));
        }
        assert!(upload.is_sendable());
    }
}

#[test]
fn progress_never_runs_backwards_or_past_the_end() {
    let mut upload = after(until_uploading());
    for (sent, shown) in [(300, 300), (200, 300), (5000, 1000)] {
        upload.apply(Event::Sent(sent));
        assert_eq!(upload.sent_bytes(), shown);
    }
}

#[test]
fn an_interruption_pauses_and_the_last_one_fails() {
    let mut upload = after(until_prepared());
    for _ in 1..MAX_TRIES {
        for event in [Event::Signing, Event::Signed(key()), interrupted(true)] {
            assert!(upload.apply(event));
        }
        assert!(upload.state == State::Prepared && !upload.is_sendable());
        upload.apply(Event::Resumed);
        assert!(upload.is_sendable());
    }
    upload.apply(Event::Signing);
    upload.apply(interrupted(true));
    assert_eq!(upload.state, State::Failed(Failure { sentence: "No network.".into(), retryable: true }));
    assert!(upload.apply(Event::Retried));
    assert!(upload.is_sendable() && upload.tries == 0);
}

#[test]
fn being_offline_is_no_failed_try() {
    let mut upload = after(until_prepared());
    for _ in 0..20 {
        upload.apply(Event::Signing);
        upload.apply(interrupted(false));
        upload.apply(Event::Resumed);
    }
    assert!(upload.is_sendable());
}

#[test]
fn a_retry_starts_where_it_is_needed() {
    let broken = Failure { sentence: "The worker stopped.".into(), retryable: true };
    let mut upload = after([Event::Started, Event::Failed(broken), Event::Retried]);
    assert_eq!(upload.state, State::Waiting);
    upload.apply(Event::Started);
    upload.apply(Event::Failed(Failure { sentence: "No picture.".into(), retryable: false }));
    assert!(!upload.apply(Event::Retried));
}

#[test]
fn only_what_may_pass_can_be_retried_after_the_server_refused() {
    for (code, retryable) in [
        (FailureCode::Corrupt, false),
        (FailureCode::NotAnImage, false),
        (FailureCode::ChecksumMismatch, true),
        (FailureCode::Internal, true),
    ] {
        let mut upload = after(until_processing());
        upload.apply(Event::Rejected(code.into()));
        assert!(matches!(&upload.state, State::Failed(f) if f.retryable == retryable), "{code}");
    }
}

#[test]
fn late_events_change_nothing() {
    let mut done = after([until_processing(), vec![finished("aa")]].concat());
    let before = done.clone();
    for event in [
        Event::Started,
        Event::Sent(1),
        Event::Arrived,
        finished("bb"),
        interrupted(true),
        Event::Retried,
        Event::Failed(Failure { sentence: String::new(), retryable: true }),
    ] {
        assert!(!done.apply(event));
    }
    assert_eq!(done, before);
}

#[test]
fn leaving_is_safe_once_the_file_has_arrived() {
    assert!(after(until_uploading()).state.is_unsafe_to_leave());
    assert!(after([]).state.is_unsafe_to_leave());
    assert!(!after(until_processing()).state.is_unsafe_to_leave());
}

#[test]
fn a_held_upload_gives_its_place_back_and_goes_on_from_the_start() {
    let mut upload = after([until_uploading(), vec![Event::Sent(400)]].concat());
    assert!(upload.apply(Event::Held) && !upload.apply(Event::Held));
    assert_eq!((&upload.state, upload.sent_bytes()), (&State::Prepared, 0));
    assert!(!upload.is_sendable() && !upload.apply(interrupted(true)));
    assert!(upload.apply(Event::Released) && upload.is_sendable());
    let mut waiting = after([Event::Held]);
    assert!(waiting.apply(Event::Started) && waiting.held);
    assert!(!after(until_processing()).apply(Event::Held));
}

#[test]
fn the_same_file_again_waits_for_the_person() {
    let mut upload = after(until_prepared());
    assert!(upload.apply(Event::Repeated("b.jpg".into())));
    assert!(upload.state.is_settled() && !upload.is_sendable());
    assert!(upload.apply(Event::Retried) && upload.is_sendable());
    assert!(!upload.apply(Event::Repeated("b.jpg".into())), "asked once is enough");
}
