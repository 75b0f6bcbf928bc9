"""What every ledger must do, whatever database it lives in. A subclass brings the fixture `ledger`, new and empty."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from connector.errors import LedgerError
from connector.model import ActivityState, CallState, Failure, LeadState, State
from tests.ledger.openings import NOW, TARGET, minutes

if TYPE_CHECKING:
    from connector.ports import Ledger

OTHER = "Event.Apten_Call_Id__c:brief"
MANY = 1203


def ids(count: int) -> list[str]:
    return [f"call-{number:05}" for number in range(count)]


class LedgerContract:
    def test_gives_back_a_call_exactly_as_saved(self, ledger: Ledger) -> None:
        full = CallState("c", "lead", NOW, NOW - minutes(3), NOW + minutes(5), 4, b"\x00\xff" * 8)
        ledger.save_calls([full, CallState("bare")])
        assert ledger.calls(["bare", "c", "unknown"]) == {"c": full, "bare": CallState("bare")}

    def test_saving_again_replaces_every_field(self, ledger: Ledger) -> None:
        ledger.save_calls([CallState("c", "lead", NOW, NOW, NOW, 4, b"hash")])
        ledger.save_calls([CallState("c", looks=1), CallState("c")])
        assert ledger.calls(["c"]) == {"c": CallState("c")}

    def test_gives_back_a_lead_exactly_as_saved(self, ledger: Ledger) -> None:
        full = LeadState("l", NOW, NOW - minutes(1), NOW + minutes(1), deleted=True)
        ledger.save_leads([full, LeadState("bare", None)])
        assert ledger.leads(["l", "bare", "unknown"]) == {"l": full, "bare": LeadState("bare", None)}

    def test_gives_back_an_activity_exactly_as_saved(self, ledger: Ledger) -> None:
        full = ActivityState("c", TARGET, State.PARKED, "00T1", b"f" * 16, b"m" * 16, "TOO_LONG", "no phone", NOW)
        bare = ActivityState("c", OTHER, State.WAITING)
        ledger.save_activities([full, bare])
        assert ledger.activities(TARGET, ["c", "unknown"]) == {"c": full}
        assert ledger.activities(OTHER, ["c"]) == {"c": bare}
        assert ledger.activities("never heard of", ["c"]) == {}

    def test_answers_for_more_ids_than_a_statement_takes(self, ledger: Ledger) -> None:
        many = ids(40_000)
        ledger.save_calls([CallState(many[0]), CallState(many[-1])])
        assert set(ledger.calls(many)) == {many[0], many[-1]}

    def test_remembers_times_until_told_to_forget(self, ledger: Ledger) -> None:
        ledger.set_mark("watermark", NOW)
        ledger.set_mark("watermark", NOW + minutes(1))
        ledger.set_mark("swept", NOW)
        assert ledger.mark("watermark") == NOW + minutes(1)
        ledger.set_mark("watermark", None)
        assert ledger.mark("watermark") is None
        assert ledger.mark("swept") == NOW

    def test_knows_when_it_was_made(self, ledger: Ledger) -> None:
        assert ledger.mark("created") == NOW

    def test_the_first_claim_decides(self, ledger: Ledger) -> None:
        ledger.claim("apten", "api.attent.app")
        ledger.claim("crm", "00D000000000001")
        ledger.claim("apten", "api.attent.app")
        with pytest.raises(LedgerError) as refusal:
            ledger.claim("crm", "00D000000000002")
        message = str(refusal.value)
        assert "00D000000000001" in message
        assert "00D000000000002" in message
        assert "Nothing was done" in message
        assert "another file" in message
        ledger.claim("crm", "00D000000000001")

    def test_a_mark_and_a_claim_of_one_name_do_not_meet(self, ledger: Ledger) -> None:
        ledger.claim("secret", "mine")
        ledger.set_mark("secret", NOW)
        ledger.claim("secret", "mine")
        assert ledger.mark("secret") == NOW

    def test_runs_have_ids_of_their_own(self, ledger: Ledger) -> None:
        first = ledger.start_run("sync", NOW)
        second = ledger.start_run("resync", NOW + minutes(5))
        assert first != second
        ledger.finish_run(second, NOW + minutes(6), 0, {"written": 3})

    def test_a_transaction_that_fails_leaves_nothing(self, ledger: Ledger) -> None:
        with ledger.transaction():
            ledger.save_calls([CallState("before")])
        with suppress(KeyboardInterrupt), ledger.transaction():
            ledger.save_calls([CallState("before", looks=1), CallState("inside")])
            ledger.save_activities([ActivityState("inside", TARGET, State.WRITTEN)])
            ledger.save_leads([LeadState("lead", NOW)])
            ledger.set_mark("watermark", NOW)
            ledger.claim("crm", "other")
            raise KeyboardInterrupt
        assert list(ledger.all_calls()) == [CallState("before")]
        assert ledger.targets() == frozenset()
        assert ledger.leads(["lead"]) == {}
        assert ledger.mark("watermark") is None
        ledger.claim("crm", "ours")

    def test_reads_its_own_changes_within_a_transaction(self, ledger: Ledger) -> None:
        with ledger.transaction():
            ledger.save_calls([CallState("c", due_at=NOW)])
            assert list(ledger.due_calls(NOW)) == [CallState("c", due_at=NOW)]

    def test_due_calls_come_oldest_first_and_none_too_early(self, ledger: Ledger) -> None:
        late, early, now = (CallState(name, due_at=NOW - minutes(age)) for name, age in (("a", 1), ("b", 9), ("c", 0)))
        ledger.save_calls([late, early, now, CallState("later", due_at=NOW + minutes(1)), CallState("settled")])
        assert list(ledger.due_calls(NOW)) == [early, late, now]

    def test_what_a_killed_run_was_writing_comes_first_and_once(self, ledger: Ledger) -> None:
        due = CallState("a", due_at=NOW - minutes(9))
        uncertain = CallState("z", due_at=NOW - minutes(1), source_hash=b"h")
        settled = CallState("y")
        ledger.save_calls([due, uncertain, settled])
        ledger.save_activities(
            [ActivityState(name, target, State.INTENT) for name in ("z", "y", "x") for target in (TARGET, OTHER)]
        )
        assert list(ledger.due_calls(NOW)) == [CallState("x"), settled, uncertain, due]

    def test_calls_may_be_saved_while_due_ones_come_and_none_comes_twice(self, ledger: Ledger) -> None:
        ledger.save_calls(CallState(name, due_at=NOW - minutes(number % 7)) for number, name in enumerate(ids(MANY)))
        came: list[CallState] = []
        for call in ledger.due_calls(NOW):
            came.append(call)
            if len(came) % 40 == 0:
                again = (None, NOW, NOW - minutes(3), NOW + minutes(1))[len(came) // 40 % 4]
                with ledger.transaction():
                    ledger.save_activities(ActivityState(done.call_id, TARGET, State.INTENT) for done in came[-40:])
                    ledger.save_calls(replace(done, due_at=again) for done in came[-40:])
        assert sorted(call.call_id for call in came) == ids(MANY)

    def test_a_call_left_over_is_due_at_the_next_look(self, ledger: Ledger) -> None:
        ledger.save_calls([CallState("c", due_at=NOW - minutes(1))])
        for call in ledger.due_calls(NOW):
            ledger.save_calls([replace(call, due_at=NOW)])
        assert list(ledger.due_calls(NOW)) == [CallState("c", due_at=NOW)]

    def test_what_is_due_too_late_is_due_now(self, ledger: Ledger) -> None:
        ledger.save_calls(CallState(name, due_at=NOW + minutes(ord(name)), looks=3) for name in "abc")
        ledger.save_leads(LeadState(name, NOW, due_at=NOW + minutes(ord(name))) for name in "abc")
        ledger.hasten(NOW + minutes(ord("b")), NOW)
        assert list(ledger.due_calls(NOW)) == [CallState("c", due_at=NOW)]
        assert [lead.lead_id for lead in ledger.due_leads(NOW)] == ["c"]
        assert ledger.calls(["b"])["b"].due_at == NOW + minutes(ord("b"))

    def test_due_leads_come_oldest_first_while_they_are_saved(self, ledger: Ledger) -> None:
        names = ids(MANY)
        ledger.save_leads(LeadState(name, NOW, due_at=NOW - minutes(number)) for number, name in enumerate(names))
        ledger.save_leads([LeadState("quiet", NOW), LeadState("later", NOW, due_at=NOW + minutes(1))])
        came: list[LeadState] = []
        for lead in ledger.due_leads(NOW):
            came.append(lead)
            if len(came) % 40 == 0:
                ledger.save_leads(replace(done, due_at=None) for done in came[-40:])
        assert [lead.lead_id for lead in came] == names[::-1]

    def test_sweeps_active_leads_that_no_run_saved_of_late(self, ledger: Ledger) -> None:
        ledger.start_run("sync", NOW - minutes(60))
        ledger.save_leads([LeadState("b", NOW), LeadState("a", NOW), LeadState("idle", NOW - minutes(90))])
        ledger.start_run("sync", NOW - minutes(30))
        ledger.save_leads([LeadState("c", NOW), LeadState("silent", None)])
        ledger.start_run("sync", NOW)
        ledger.save_leads([LeadState("seen", NOW)])

        def sweep(limit: int) -> list[str]:
            leads = ledger.sweep_leads(active_since=NOW - minutes(80), listed_before=NOW, limit=limit)
            return [lead.lead_id for lead in leads]

        assert sweep(10) == ["a", "b", "c"]
        assert sweep(2) == ["a", "b"]

    def test_finds_calls_by_period_and_lead(self, ledger: Ledger) -> None:
        calls = [CallState(name, "l" if name < "c" else "m", None, NOW + minutes(ord(name))) for name in "abcd"]
        ledger.save_calls([*calls, CallState("unread", "l")])
        assert list(ledger.calls_between(calls[1].created_at or NOW, calls[3].created_at or NOW)) == calls[1:3]
        assert [call.call_id for call in ledger.calls_of_lead("l")] == ["a", "b", "unread"]

    @pytest.mark.parametrize("state", State)
    def test_finds_calls_by_state(self, ledger: Ledger, state: State) -> None:
        ledger.save_calls([CallState("a", "lead")])
        ledger.save_activities([ActivityState(name, target, state) for name in "ab" for target in (TARGET, OTHER)])
        ledger.save_activities([ActivityState("a", OTHER, other) for other in State if other is not state])
        assert list(ledger.calls_in(state)) == [CallState("a", "lead"), CallState("b")]
        assert list(ledger.calls_in(state, TARGET)) == [CallState("a", "lead"), CallState("b")]
        assert list(ledger.calls_in(state, OTHER)) == [CallState("b")]
        assert list(ledger.calls_in(state, "never heard of")) == []
        assert [ledger.count(state, target) for target in (TARGET, OTHER, "never heard of")] == [2, 1, 0]

    def test_every_listing_is_whole_and_survives_saving(self, ledger: Ledger) -> None:
        names = ids(MANY)
        ledger.save_calls(CallState(name, "lead", NOW, NOW) for name in names)
        ledger.save_activities(ActivityState(name, TARGET, State.PARKED) for name in names)
        ledger.save_activities(ActivityState(name, OTHER, State.WRITTEN, mapping=b"old") for name in names)
        listings = {
            "all": ledger.all_calls(),
            "between": ledger.calls_between(NOW, NOW + minutes(1)),
            "lead": ledger.calls_of_lead("lead"),
            "parked": ledger.calls_in(State.PARKED),
            "written": ledger.calls_in(State.WRITTEN),
            "otherwise": ledger.calls_mapped_otherwise(OTHER, [b"new"]),
            "tried otherwise": ledger.calls_tried_otherwise(TARGET, b"new"),
        }
        for name, listing in listings.items():
            came = []
            for call in listing:
                came.append(call.call_id)
                if len(came) % 50 == 0:
                    ledger.save_calls([replace(call, looks=call.looks + 1)])
            assert came == names, name

    def test_finds_what_another_mapping_wrote(self, ledger: Ledger) -> None:
        ledger.save_activities(
            [
                ActivityState("same", TARGET, State.WRITTEN, mapping=b"now"),
                ActivityState("older", TARGET, State.WRITTEN, mapping=b"then"),
                ActivityState("unknown", TARGET, State.WRITTEN),
                ActivityState("elsewhere", OTHER, State.WRITTEN, mapping=b"then"),
                ActivityState("adopted", TARGET, State.KNOWN),
                ActivityState("perhaps", TARGET, State.INTENT),
            ]
        )
        found = [call.call_id for call in ledger.calls_mapped_otherwise(TARGET, [b"now"])]
        assert found == ["older", "perhaps", "unknown"]

    def test_finds_parked_calls_that_were_tried_with_something_else(self, ledger: Ledger) -> None:
        def parked(name: str, tried: bytes | None, target: str = TARGET, state: State = State.PARKED) -> ActivityState:
            return ActivityState(name, target, state, mapping=tried)

        others = [parked("there", b"then then", OTHER), parked("over", b"then", state=State.WRITTEN)]
        ledger.save_activities([parked("a", b"now here"), parked("b", b"now gone"), parked("c", b"then"), *others])
        ledger.save_activities([parked("d", None), parked("e", b"now"), parked("f", b"")])

        def tried_otherwise(tried: bytes) -> list[str]:
            return [call.call_id for call in ledger.calls_tried_otherwise(TARGET, tried)]

        assert tried_otherwise(b"now") == ["c", "d", "f"]
        assert tried_otherwise(b"now here") == ["b", "c", "d", "e", "f"]

    def test_adopts_only_what_it_does_not_know(self, ledger: Ledger) -> None:
        ours = ActivityState("ours", TARGET, State.WRITTEN, "00T1", b"f", at=NOW)
        ledger.save_activities([ours])
        found = {name: f"00T-{name}" for name in ["ours", *ids(MANY)]}
        ledger.adopt(TARGET, found, NOW + minutes(1))
        ledger.adopt(TARGET, {"call-00000": "00T-second"}, NOW + minutes(2))
        known = ledger.activities(TARGET, list(found))
        assert known.pop("ours") == ours
        assert known == {
            name: ActivityState(name, TARGET, State.KNOWN, f"00T-{name}", at=NOW + minutes(1)) for name in ids(MANY)
        }
        assert list(ledger.all_calls()) == []

    def test_a_target_scanned_in_vain_is_known_all_the_same(self, ledger: Ledger) -> None:
        ledger.adopt(TARGET, {}, NOW)
        ledger.save_activities([ActivityState("c", OTHER, State.SKIPPED, reason="log_when durationSeconds")])
        assert ledger.targets() == {TARGET, OTHER}

    def test_saving_nothing_is_nothing(self, ledger: Ledger) -> None:
        ledger.save_calls([])
        ledger.save_leads([])
        ledger.save_activities([])
        ledger.add_failures(ledger.start_run("sync", NOW), [])
        assert list(ledger.all_calls()) == []
        assert ledger.calls([]) == {}

    def test_takes_failures_of_one_call_again_and_again(self, ledger: Ledger) -> None:
        failure = Failure("c", TARGET, NOW, "STRING_TOO_LONG", "park", ("Subject", "Description"))
        ledger.add_failures(ledger.start_run("sync", NOW), [failure, failure])
