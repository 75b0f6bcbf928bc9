"""Safeguards of finding and fetching calls: none is lost, and none is taken for older or newer than it is."""

from __future__ import annotations

from tests.reliability.safeguards.safeguard import safeguard

_OVERLAP = (
    "sync/discover.py",
    "return max(EPOCH, watermark - rules.overlap) if watermark else rules.start",
    "return max(EPOCH, watermark) if watermark else rules.start",
)
_CAP = (
    "sync/discover.py",
    "return min(max(believable), begun - CAP) if believable else None",
    "return max(believable) if believable else None",
)
_AHEAD = (
    "sync/discover.py",
    "if ahead := watermark > self.context.server.now() + SKEW:",
    "if ahead := False:",
)

READING = [
    safeguard(
        "overlap: every listing reads ten minutes again",
        "A row that Apten shows minutes after its stamp is behind the watermark for ever.",
        _OVERLAP,
        red="tests/reliability/test_cursor_clocks.py::test_rows_that_show_up_to_ten_minutes_after_their_stamp",
    ),
    safeguard(
        "cap: no watermark passes Apten's time less two minutes",
        "A row still being committed falls behind the watermark; with a short overlap it is lost.",
        _CAP,
        red="tests/reliability/test_cursor_clocks.py::test_no_watermark_passes_what_may_still_be_in_the_making",
    ),
    safeguard(
        "the cap is Apten's time at the first page, however long the others take",
        "A row that came into the listing behind what was read is lost.",
        ("sync/discover.py", "self._begun = self._begun or ctx.server.now()", "self._begun = ctx.server.now()"),
        red="tests/reliability/test_found_by_simulation.py"
        "::test_a_row_that_shows_late_while_the_pages_of_a_listing_take_long_is_not_lost",
    ),
    safeguard(
        "overlap and cap",
        "Without both, even a row that shows a second late is lost.",
        _OVERLAP,
        _CAP,
        red="tests/reliability/test_cursor_clocks.py::test_rows_that_show_up_to_ten_minutes_after_their_stamp",
    ),
    safeguard(
        "re-check: a call is looked at again until it has settled",
        "A summary that comes late without a new stamp never reaches the CRM.",
        (
            "sync/decide.py",
            "looks = [settling.next_look or self._still_to_come(fetched)]",
            "looks: list[timedelta | None] = []",
        ),
        red="tests/sync/test_run.py::test_a_late_summary_is_found_even_if_no_stamp_moves",
    ),
    safeguard(
        "sweep: once a day the leads of the last week are listed anyway",
        "A call that moved no stamp of its lead is never found.",
        (
            "sync/discover.py",
            "        self._begin_sweep()\n        for listed",
            "        for listed",
        ),
        red="tests/reliability/test_cursor_leads.py::test_a_call_of_which_no_stamp_of_its_lead_tells",
    ),
    safeguard(
        "another look at a lead whose last activity is very fresh",
        "A call that shows late on a lead with newer activity is missing until the daily sweep.",
        (
            "sync/discover.py",
            "fresh = state.activity_at is not None and state.activity_at > began[0] - CAP",
            "fresh = False",
        ),
        red="tests/reliability/test_cursor_clocks.py::test_a_row_that_shows_late_is_found_before_any_sweep",
    ),
    safeguard(
        "a lead is looked at when its activity stamp differs, not when it is newer",
        "A lead whose stamp went back, as when leads are merged or a clock is put right, is not looked at.",
        (
            "sync/discover.py",
            "same = lead.activity_at is not None and old.activity_at == lead.activity_at and old.deleted == deleted",
            (
                "same = lead.activity_at and old.activity_at and old.activity_at >= lead.activity_at "
                "and old.deleted == deleted"
            ),
        ),
        red="tests/reliability/test_cursor_leads.py::test_a_lead_whose_activity_stamp_goes_back",
    ),
    safeguard(
        "the watermark is moved in the same transaction as its leads are noted",
        "A run killed in between never looks at those leads.",
        (
            "sync/discover.py",
            """\
        with ctx.ledger.transaction():
            ctx.ledger.save_leads(state for state, _ in dirty)
            old_mark = ctx.ledger.mark("watermark")
            if mark and (old_mark is None or mark > old_mark):
                ctx.ledger.set_mark("watermark", mark)
            if dirty and ctx.ledger.mark(UNFINISHED) is None:
                ctx.ledger.set_mark(UNFINISHED, since)
""",
            """\
        old_mark = ctx.ledger.mark("watermark")
        if mark and (old_mark is None or mark > old_mark):
            ctx.ledger.set_mark("watermark", mark)
        ctx.ledger.save_leads(state for state, _ in dirty)
""",
        ),
        red="tests/reliability/test_every_step.py::test_a_run_killed_at_any_step_is_made_good_by_the_next",
    ),
    safeguard(
        "stamps and watermarks of a time to come are not believed",
        "One bad row of 2999 hides all that comes after it.",
        (
            "sync/discover.py",
            "believable = [stamp for stamp in stamps if stamp is not None and stamp <= begun + SKEW]",
            "believable = [stamp for stamp in stamps if stamp is not None]",
        ),
        _CAP,
        _AHEAD,
        red="tests/reliability/test_cursor_clocks.py::test_a_row_from_the_future_holds_nothing_up",
    ),
    safeguard(
        "a stored watermark of a time to come is put back a week",
        "Nothing new is found until that time has come.",
        _AHEAD,
        red="tests/reliability/test_cursor_clocks.py::test_a_stored_cursor_that_is_ahead_of_time",
    ),
    safeguard(
        "a listing whose page token is refused starts again where it got to",
        "Tokens that expire stop every run.",
        (
            "sync/listing.py",
            "except ExpiredTokenError:\n                token = None",
            "except ExpiredTokenError:\n                raise",
        ),
        red="tests/reliability/test_cursor_pages.py::test_a_token_refused_at_any_page",
    ),
    safeguard(
        "a listing that gets nowhere three times in a row ends",
        "A run goes round in a circle of page tokens for ever.",
        ("sync/listing.py", "if stalls == MAX_STALLS:", "if stalls < 0:"),
        red="tests/reliability/test_cursor_pages.py::test_tokens_that_lead_in_a_circle",
    ),
    safeguard(
        "of several fetches of one call, the one asked for last counts",
        "An older picture that comes in late is written over a newer one.",
        ("sync/fetch.py", "return self._newest.get(state.call_id) is not state", "return False"),
        red="tests/sync/test_overtaken.py::test_an_answer_that_comes_in_late_is_not_written_over_a_newer_one",
    ),
    safeguard(
        "an event found meanwhile has the say over what was fetched before it",
        "A change that comes in the middle of a run is forgotten.",
        (
            "sync/record.py",
            "if state.call_id not in now_known or now_known[state.call_id].updated_at == state.updated_at",
            "if now_known is not None",
        ),
        red="tests/sync/test_troubles.py::test_a_change_seen_during_the_run_survives_the_older_picture",
    ),
    safeguard(
        "what cannot be fetched now is due at the very next run",
        "A call is forgotten because Apten failed once.",
        (
            "sync/fetch.py",
            "ctx.ledger.save_calls([replace(state, due_at=ctx.clock.now(), looks=0)])",
            "ctx.ledger.save_calls([replace(state, due_at=None)])",
        ),
        red="tests/sync/test_troubles.py::test_calls_that_apten_cannot_give_hold_up_no_other",
    ),
    safeguard(
        "a lead whose listing keeps failing stays due",
        "Its calls are lost, or hold up all others.",
        (
            "sync/discover.py",
            "        if not listed:\n            return  # It stays due: the next run lists it again.\n",
            "",
        ),
        red="tests/sync/test_troubles.py::test_one_lead_whose_listing_never_ends_holds_up_no_other",
    ),
    safeguard(
        "`Retry-After` is kept to",
        "A limit is run into again and again, until all attempts are used up.",
        (
            "sync/attempt.py",
            "        if asked is not None:\n            return asked if asked <= LONGEST_ASKED_WAIT else None\n",
            "",
        ),
        red="tests/sync/test_attempt.py::test_keeps_the_wait_that_was_asked_for",
    ),
    safeguard(
        "no wait is longer than a minute, whoever asks for it",
        "A run hangs for as long as the other side asks for.",
        ("sync/attempt.py", "return asked if asked <= LONGEST_ASKED_WAIT else None", "return asked"),
        red="tests/sync/test_attempt.py::test_leaves_it_to_the_next_run_when_asked_to_wait_for_too_long",
    ),
    safeguard(
        "a refused API key stops the run and is no call's fault",
        "Every call is tried, fails and is blamed, when only the key is to be changed.",
        ("apten/failures.py", "return CredentialsError(\n", "return UnreachableError(\n"),
        red="tests/sync/test_stopped_runs.py::test_a_wrong_api_key_stops_before_anything_is_written",
    ),
    safeguard(
        "a look ahead of its time is not the last one",
        "A summary that comes between a search for the call's person and the look that was due is never seen.",
        (
            "sync/decide.py",
            "looks=0 if settling.next_look and due and due < settling.next_look else settling.looks,",
            "looks=settling.looks,",
        ),
        ("sync/conclude.py", "looks=0 if known else fetched.state.looks", "looks=fetched.state.looks"),
        red="tests/sync/test_link_later.py::test_a_search_ahead_of_the_last_look_is_not_that_look",
    ),
    safeguard(
        "a lead that is restored has its calls fetched anew",
        "What was left out while the lead was deleted is never logged.",
        ("sync/discover.py", "restored = state.deleted and state.events_since is None", "restored = False"),
        red="tests/sync/test_passing_absence.py::test_calls_of_a_lead_that_was_deleted_are_logged_once_it_is_restored",
    ),
    safeguard(
        "a lead that is not there is asked for once more",
        "One 404 for a lead, and the call that waited for its summary is never logged.",
        ("sync/decide.py", "known.state in _SETTLED and known.reason != LEAD_DELETED", "known.state in _SETTLED"),
        red="tests/sync/test_passing_absence.py::"
        "test_a_lead_that_apten_does_not_have_for_a_moment_is_asked_for_once_more",
    ),
    safeguard(
        "a lead that is not there is asked for a week, however old the call",
        "One 404 for a lead, and an old call that was parked is never logged.",
        (
            "sync/deleted_lead.py",
            "return since if lead is None or lead == not_there(lead.id) else",
            "return",
        ),
        red="tests/sync/test_passing_absence.py::test_a_lead_that_is_away_for_a_moment_while_an_old_call_is_logged",
    ),
    safeguard(
        "a lead that is there and has no list of events (404) is listed again",
        "One 404 for a lead's events, and none of its calls so far is ever found.",
        ("sync/discover.py", "if there and not there.deleted:", "if False:"),
        red="tests/sync/test_passing_absence.py::"
        "test_events_that_apten_does_not_have_for_a_moment_are_listed_by_the_next_run",
    ),
    safeguard(
        "a lead that is gone and comes back counts as restored",
        "What was called before is never found.",
        ("sync/discover.py", "deleted=state.deleted or gone", "deleted=state.deleted"),
        red="tests/sync/test_passing_absence.py::test_a_lead_that_was_gone_and_comes_back_has_all_its_calls_logged",
    ),
    safeguard(
        "a call that is not there is asked for again",
        "One 404 for a call, and somebody has to have it logged by hand.",
        ("sync/decide.py", "looks.append(next_ask(now - since))", "looks.append(None)"),
        red="tests/sync/test_passing_absence.py::"
        "test_a_call_that_apten_does_not_have_for_a_moment_is_logged_later_by_itself",
    ),
    safeguard(
        "an odd answer about one call or lead is its own trouble",
        "One call that Apten cannot serve keeps all others from being logged.",
        (
            "apten/failures.py",
            "if undocumented and status not in _TRY_LATER and not of_one:",
            "if undocumented and status not in _TRY_LATER:",
        ),
        red="tests/sync/test_passing_absence.py::test_what_is_odd_about_one_call_stops_no_other",
    ),
    safeguard(
        "quiet that Apten asks for is kept by requests that wait for their turn already",
        "Requests go on while Apten asks for none, and it may shut the key out.",
        ("sync/pace.py", "if turn >= self._held_until:", "if turn >= float('-inf'):"),
        red="tests/sync/test_pace.py::test_a_request_that_waited_for_its_turn_when_apten_asked_for_quiet_keeps_it_too",
    ),
    safeguard(
        "a connection that failed is closed before it is lent again",
        "After one handshake that failed behind a proxy, each later request on that connection waits in vain.",
        ("apten/connections.py", "connection.close()\n            raise", "raise"),
        red="tests/apten/test_proxies.py::test_a_handshake_that_failed_through_the_proxy_spoils_no_later_request",
    ),
]
