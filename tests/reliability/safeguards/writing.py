"""Safeguards of writing: nothing is lost, nothing is doubled."""

from __future__ import annotations

from tests.reliability.safeguards.safeguard import safeguard

WRITING = [
    safeguard(
        "intent: what is about to be sent is noted first",
        "After a kill in the middle of a write nobody knows that it may have happened.",
        (
            "sync/write.py",
            "        self._intend([item for item in items if item.linking is None], person_of)\n",
            "",
        ),
        red="tests/reliability/test_found_by_simulation.py::"
        "test_a_field_emptied_after_a_creation_of_which_nobody_heard_stays_empty",
    ),
    safeguard(
        "what the ledger cannot vouch for is looked at before it is written",
        "After a lost ledger everything is written once more, or what people did since is undone.",
        (
            "sync/decide.py",
            "look = resync or _uncertain(known) or (record_id is None and not route.complete)",
            "look = resync or (record_id is None and not route.complete)",
        ),
        red="tests/reliability/test_lost_ledgers.py::test_a_deleted_ledger_has_nothing_written_that_is_as_it_should_be",
    ),
    safeguard(
        "an activity of which nothing is known is looked for before it is made",
        "A field that somebody emptied after a creation of which nobody heard is filled again.",
        (
            "sync/decide.py",
            "look = resync or _uncertain(known) or (record_id is None and not route.complete)",
            "look = resync",
        ),
        red="tests/reliability/test_found_by_simulation.py::"
        "test_a_field_emptied_after_a_creation_of_which_nobody_heard_stays_empty",
    ),
    safeguard(
        "a creation that may be under way is waited for, where the CRM keeps no key unique",
        "A second activity is made while Salesforce still works on the first.",
        ("sync/decide.py", "return under_way(known, self.context.server.now())", "return None"),
        red="tests/sync/test_run.py::test_where_the_crm_would_take_a_second_one_a_lost_answer_is_waited_out",
    ),
    safeguard(
        "look before creating, where the CRM keeps no key unique",
        "A lost ledger, or a lost answer, doubles activities.",
        (
            "crms/salesforce/adapter.py",
            "there = self.read(target, [activity.key for activity in activities], ())",
            "there: dict[str, Record] = {}",
        ),
        red="tests/reliability/test_salesforce.py::test_a_lost_ledger_makes_no_double_where_the_org_would_take_one",
    ),
    safeguard(
        "a new ledger reads the CRM's keys once",
        "After a lost ledger what people edited is overwritten.",
        ("sync/meet.py", "            yield from _scan(context, route.target)\n", ""),
        red="tests/sync/test_edits.py::test_a_lost_ledger_overwrites_no_edit",
    ),
    safeguard(
        "one picture of a call in a batch, the newest",
        "What Apten no longer says is written, since a newer picture that needs no writing does not take its place.",
        (
            "sync/decide.py",
            "        for route in self.routes:\n            self.outbox.withdraw(route.target, call.id)\n",
            "",
        ),
        red="tests/sync/test_overtaken.py::test_a_change_that_is_taken_back_before_it_was_written_is_not_written",
    ),
    safeguard(
        "what would be written once more as it is, is not sent",
        "Every change in Apten that no field shows costs a request, and shows as a change in the CRM.",
        (
            "sync/decide.py",
            "if not resync and known and known.state is State.WRITTEN and known.fingerprint == written:",
            "if known is None and written is None:",
        ),
        red="tests/sync/test_cost.py::test_a_change_that_no_field_shows_costs_the_crm_nothing",
    ),
    safeguard(
        "what the CRM takes at creation only is not sent again",
        "Every update is refused.",
        (
            "sync/route.py",
            "return self.schema.create_only if overwrite else self.schema.create_only | draft.on_create",
            "return frozenset() if overwrite else draft.on_create",
        ),
        (
            "mapping/fields.py",
            "return ON_CREATE if create_only or type_.open else written or policy",
            "return ON_CREATE if type_.open else written or policy",
        ),
        red="tests/sync/test_edits.py::test_always_overwrites",
    ),
    safeguard(
        "what the CRM says exists is looked at and updated",
        "A call whose answer was lost is parked for good.",
        ("sync/conclude.py", "if receipt.exists and not item.exists:", "if receipt.exists and item.anew is None:"),
        red="tests/reliability/test_salesforce.py::test_a_lost_ledger_makes_no_double_where_the_org_would_take_one",
    ),
    safeguard(
        "what the CRM says is gone is looked for by its key, once",
        "A ledger restored from a backup takes an activity that was made anew for deleted.",
        ("sync/conclude.py", "if receipt.gone and item.looked_at is None:", "if receipt.gone and item.anew is None:"),
        red="tests/reliability/test_lost_ledgers.py::test_last_weeks_ledger_knows_records_that_were_made_anew_since",
    ),
    safeguard(
        "what was looked at and is gone is not looked at again",
        "A run goes round in a circle where the CRM shows a record that it does not let us update.",
        ("sync/write.py", "look_first=False, looked_at=ctx.clock.now()", "look_first=False"),
        red="tests/reliability/test_database.py::test_a_table_that_shows_rows_and_lets_nobody_change_them_ends_the_run",
    ),
    safeguard(
        "the brake: more writes than `stop_above` stop before the first",
        "A slip in the mapping rewrites the whole CRM.",
        ("sync/brake.py", "if self.outbox.writes > allowed:", "if self.outbox.writes < 0:"),
        red="tests/sync/test_run.py::test_the_brake_stops_before_the_first_write",
    ),
    safeguard(
        "who a call was with is looked for before the brake counts, where it may be kept back for that",
        "Calls that wait for somebody stop every run, though none of them would be written.",
        ("sync/outbox.py", "queue = self.unsought if item.may_be_kept_back else self.creates", "queue = self.creates"),
        red="tests/sync/test_people.py::test_held_calls_that_stay_so_are_no_writes_to_the_brake",
    ),
    safeguard(
        "a refused batch is halved until the one bad call is found",
        "One call that the CRM does not take keeps 199 others from being logged.",
        (
            "sync/judge.py",
            "return Verdict.PARK if rows == 1 else Verdict.HALVE",
            "return Verdict.PARK",
        ),
        red="tests/sync/test_judge.py::test_a_refused_batch_is_halved_until_the_one_refused_call_is_parked "
        "tests/sync/test_refusals.py::test_a_batch_that_is_refused_as_a_whole_is_halved_until_each_row_is_judged",
    ),
    safeguard(
        "what only the CRM's administrator can mend stops the run and is no call's fault",
        "Every call is parked for a right that is missing.",
        (
            "sync/conclude.py",
            (
                "if verdict is Verdict.STOP or not isinstance(error, CallError | RetryableError):\n"
                "                return error\n            parked = verdict is Verdict.PARK"
            ),
            "parked = verdict is not Verdict.LEFT_OVER",
        ),
        red="tests/sync/test_troubles.py::test_a_missing_right_stops_the_run",
    ),
    safeguard(
        "parked calls are tried again once the mapping or the CRM's object has changed",
        "What was mended stays parked until somebody thinks of it.",
        (
            "sync/run.py",
            "        if not rules.resync:\n            loop.spawn(try_again(context, decide.routes, fetch))\n",
            "",
        ),
        red="tests/sync/test_parked.py::test_a_changed_mapping_has_them_tried_again_once",
    ),
    safeguard(
        "parked calls remember what they were tried with",
        "They are all tried again at every run.",
        (
            "sync/conclude.py",
            "self.recorder.activity(replace(state, prints=prints, mapping=item.route.tried, since=since))",
            "self.recorder.activity(replace(state, prints=prints, since=since))",
        ),
        red="tests/sync/test_parked.py::test_nothing_is_tried_again_while_nothing_changed_and_nobody_is_asked",
    ),
    safeguard(
        "a newer picture waits until the CRM has answered about the older",
        "What a run wrote itself a moment ago counts as a person's edit, and what came after is never written.",
        (
            "sync/decide.py",
            "        if self.outbox.postpone(call.id, partial(self._call_later, fetched)):\n            return\n",
            "",
        ),
        red="tests/reliability/test_simulation.py::test_what_was_found_once_is_mended",
    ),
    safeguard(
        "a creation is waited for from when it was last sent, not from when it was intended",
        "A creation that was sent late, and comes through later still, is made a second time meanwhile.",
        ("sync/decide.py", "known.at + _LONGEST_SENDING + _LONGEST_CREATION", "known.at + _LONGEST_CREATION"),
        red="tests/sync/test_findings.py::test_a_creation_that_may_be_under_way_is_not_missing_yet",
    ),
    safeguard(
        "who has no person has none until the CRM has answered",
        "After a kill in the middle of a resync nobody looks for the person any more.",
        (
            "sync/link.py",
            "return before or why_unlinked(person, before=None)",
            "return why_unlinked(person, before=before)",
        ),
        red="tests/reliability/test_found_by_simulation.py::"
        "test_a_person_whom_a_killed_resync_was_about_to_set_is_linked_later",
    ),
    safeguard(
        "who has no person yet is looked for again",
        "A call logged an hour before its lead is in the CRM never hangs on anybody.",
        (
            "sync/link.py",
            (
                "return logged and known.unlinked is not None and call.lead_id is not None "
                "and next_search(call, now) is not None"
            ),
            "return logged and now is None",
        ),
        red="tests/sync/test_link_later.py::test_a_person_who_comes_into_the_crm_is_linked_later",
    ),
    safeguard(
        "texts are canonical before they are compared or sent",
        "What the CRM trims, and how it ends lines, looks like an edit by a person.",
        (
            "canonical.py",
            "    # Each part first asks whether there is anything to do",
            "    return text\n    # Each part first asks whether there is anything to do",
        ),
        red="tests/sync/test_edits.py::test_what_the_crm_makes_of_our_texts_is_no_edit "
        "tests/reliability/test_salesforce.py::test_what_the_org_makes_of_texts_is_never_taken_for_an_edit",
    ),
    safeguard(
        "what is read back is made canonical as well",
        "What the CRM trims, and how it ends lines, looks like an edit by a person.",
        ("crms/salesforce/values.py", "return canonical_text(value)", "return value"),
        red="tests/sync/test_edits.py::test_what_the_crm_makes_of_our_texts_is_no_edit",
    ),
    safeguard(
        "the CRM's budget: a run stops before the org's requests are used up",
        "The connector takes the org's other programs down with it.",
        (
            "crms/salesforce/budget.py",
            'return allowed * number // _WHOLE if self.written.endswith("%") else min(number, allowed)',
            "return allowed",
        ),
        red="tests/sync/test_budget.py::test_a_run_stops_at_the_budget_and_the_next_one_goes_on_from_there",
    ),
    safeguard(
        "rows that were too many for a trigger go out in smaller batches",
        "A trigger of the org that takes few rows at a time has a whole back-fill parked.",
        ("crms/salesforce/errors.py", "_APEX_LIMIT.search(message):", "not message:"),
        red="tests/sync/test_trigger_limits.py::test_a_back_fill_goes_through_a_trigger_that_takes_few_rows "
        "tests/sync/test_trigger_limits.py::test_updates_go_through_it_too",
    ),
    safeguard(
        "who went away between look-up and write is looked for again",
        "A lead that is merged in the middle of a run has its call parked.",
        (
            "crms/salesforce/errors.py",
            "return VanishedLinkError if name in _VANISHED",
            "return VanishedLinkError if not name",
        ),
        red="tests/sync/test_passing_absence.py::test_a_person_who_goes_between_look_up_and_write_is_looked_for_again",
    ),
]
