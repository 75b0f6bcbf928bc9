"""Safeguards of what people do in the CRM: nothing of it is undone."""

from __future__ import annotations

from tests.reliability.safeguards.safeguard import safeguard

PEOPLE = [
    safeguard(
        "a person's edit is told from what was written, by prints",
        "A late summary overwrites what a rep wrote.",
        (
            "sync/write.py",
            "kept = edited(ctx.ledger.secret, item.prints, wanted, record.fields, item.draft.unless_edited)",
            "kept: frozenset[str] = frozenset()",
        ),
        red="tests/sync/test_edits.py::test_an_edited_text_is_not_overwritten_by_a_late_summary",
    ),
    safeguard(
        "prints of both old and new values while nobody knows how a write ended",
        "What the connector wrote itself counts as an edit, and is never brought up to date.",
        (
            "sync/outbox.py",
            "return either(secret, self.prints, fields, creates=creates, filled=self.kept)",
            'return self.prints or b""',
        ),
        red="tests/reliability/test_found_by_simulation.py::"
        "test_what_was_written_by_an_update_of_which_nobody_heard_is_no_edit",
    ),
    safeguard(
        "what already holds what is wanted is not sent",
        "An edit made between look and write is overwritten for nothing.",
        ("sync/write.py", "item.kept | item.as_wanted | item.route", "item.kept | item.route"),
        red="tests/reliability/test_salesforce.py::"
        "test_an_edit_between_our_look_and_our_write_stays_where_the_call_says_nothing_new",
    ),
    safeguard(
        "an update that was not taken is looked at again before it is sent again",
        "The edit that locked the record, or was made while the CRM was busy, is overwritten.",
        (
            "sync/send.py",
            "            if creating:\n                batches[:0] = left\n",
            "            if left:\n                batches[:0] = left\n",
        ),
        (
            "sync/send.py",
            "if creating and not isinstance(error, UncertainWriteError):",
            "if creating or not isinstance(error, UncertainWriteError):",
        ),
        red="tests/sync/test_edits_under_way.py::"
        "test_an_edit_that_locks_the_record_is_not_overwritten_once_the_lock_is_gone "
        "tests/sync/test_edits_under_way.py::"
        "test_an_edit_while_a_request_is_refused_is_not_overwritten_by_the_next",
    ),
    safeguard(
        "a write that may have come to pass is looked at before it is sent again",
        "What a person writes once it came to pass is overwritten.",
        (
            "sync/send.py",
            "if creating and not isinstance(error, UncertainWriteError):",
            "if isinstance(error, UncertainWriteError):",
        ),
        red="tests/sync/test_edits_under_way.py::"
        "test_an_edit_after_a_write_whose_answer_was_lost_is_not_overwritten_by_the_next",
    ),
    safeguard(
        "an update that waited is looked at again before it is sent",
        "An edit made while an update waited for a full batch, or for the brake, is overwritten.",
        ("sync/outbox.py", "not timedelta() <= now - self.looked_at <= _LOOK_LASTS", "now < self.looked_at"),
        red="tests/sync/test_edits_under_way.py::"
        "test_an_edit_made_while_an_update_waits_to_be_sent_is_not_overwritten "
        "tests/sync/test_edits_under_way.py::test_a_person_whom_somebody_sets_meanwhile_stays",
    ),
    safeguard(
        "what a person deleted stays deleted",
        "Reps delete the same activity every day.",
        ("sync/decide.py", "anew = ctx.rules.asked_for or record_id is None", "anew = True"),
        red="tests/sync/test_edits.py::test_a_deleted_activity_stays_deleted",
    ),
    safeguard(
        "a person is set in the record that bears the key now",
        "An old ledger takes an activity that was made anew for deleted, and it is never linked.",
        ("sync/link_later.py", "if record is None or record.id == item.record_id:", "if item is not None:"),
        red="tests/sync/test_link_later.py::test_an_old_ledger_links_the_record_that_was_made_anew",
    ),
    safeguard(
        "a person whom somebody else has linked stays",
        "A rep's choice is overwritten.",
        (
            "sync/link_later.py",
            "if any(not is_blank(record.fields.get(name)) for name in who):",
            "if not record.fields and who:",
        ),
        red="tests/sync/test_link_later.py::test_whom_somebody_else_has_linked_stays_and_is_looked_for_no_more",
    ),
    safeguard(
        "a repair undoes no deletion",
        "Reps delete the same activity every day, where another mapping's is stale.",
        ("sync/decide.py", "anew = ctx.rules.asked_for or record_id", "anew = resync or record_id"),
        red="tests/cli/test_reconcile.py::"
        "test_repair_leaves_what_somebody_deleted_alone_whatever_else_is_wrong_with_the_call",
    ),
    safeguard(
        "a creation's prints are of what it wrote, all of it and no more",
        "What the CRM refused, or was written once only, counts as edited, and is never brought up to date.",
        ("sync/conclude.py", "if created or self.context.rules.overwrite:", "if False:"),
        red="tests/sync/test_edits.py::test_what_never_came_to_be_written_is_nobodys_edit "
        "tests/sync/test_edits.py::test_what_was_written_once_is_nobodys_edit_when_it_may_be_updated_some_day",
    ),
    safeguard(
        "a creation whose answer is lost leaves prints, too",
        "A field that somebody empties right after it is filled again.",
        ("sync/conclude.py", "replace(known, unlinked=unlinked, prints=prints)", "replace(known, unlinked=unlinked)"),
        red="tests/sync/test_edits_under_way.py::"
        "test_a_field_emptied_after_a_creation_whose_answer_was_lost_stays_empty",
    ),
]
