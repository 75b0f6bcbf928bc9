"""The exam every CRM sits. It looks behind the adapter, at what the CRM really holds."""

from __future__ import annotations

import unicodedata
from abc import abstractmethod
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.canonical import canonical_text
from connector.errors import ConnectorError, RejectedError, UncertainWriteError
from connector.model import Activity, Clue, Person, PersonSearch, Receipt, Target, Unlinked, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from connector.ports import Crm

CANARY = "canary-b7f3e1-never-to-be-seen"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Fields the CRM refuses, the code it then gives, and the field it blames."""

    fields: Mapping[str, Value]
    code: str
    field: str


@dataclass(frozen=True, slots=True)
class Names:
    """Fields of the target by what they hold."""

    text: str
    long_text: str
    integer: str
    day: str


class CrmContract:
    """What every CRM promises. A subclass named `Test…` brings one CRM to the exam through its hooks."""

    target: ClassVar[Target]
    names: ClassVar[Names]
    secrets: ClassVar[tuple[str, ...]]
    person_id: ClassVar[str]

    @abstractmethod
    def running(self, tmp_path: Path) -> AbstractContextManager[None]:
        """The CRM, fresh and empty, for as long as the context is open."""

    @abstractmethod
    def connect(self) -> Crm:
        """A new adapter to that CRM."""

    @abstractmethod
    def stored(self) -> Mapping[str, Mapping[str, Any]]:
        """What the CRM holds, by key, as it holds it."""

    @abstractmethod
    def lose_next_answer(self) -> None:
        """The next write takes effect, and its answer gets lost."""

    @abstractmethod
    def refusal(self) -> Refusal:
        """What this CRM does not take."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        missing = [name for name in CrmContract.__annotations__ if not hasattr(cls, name)]
        missing += [name for name in dir(cls) if getattr(getattr(cls, name), "__isabstractmethod__", False)]
        if missing:
            raise TypeError(f"{cls.__name__} lacks the hooks {', '.join(missing)}")

    @pytest.fixture(autouse=True)
    def _crm(self, tmp_path: Path) -> Iterator[None]:
        with self.running(tmp_path):
            self.crm = self.connect()
            yield

    def activity(self, key: str, record_id: str | None = None, **fields: Value) -> Activity:
        """An activity with fields named by what they hold; `text` is always there."""
        given = {"text": f"Call {key}", **fields} if record_id is None else fields
        named = {getattr(self.names, name): value for name, value in given.items()}
        return Activity(key, key, named, record_id)

    def put(self, *activities: Activity) -> list[str]:
        """Write, expecting success; the record ids."""
        receipts = self.crm.write(self.target, activities)
        assert [(receipt.key, receipt.error, receipt.exists) for receipt in receipts] == [
            (activity.key, None, False) for activity in activities
        ]
        return [str(receipt.record_id) for receipt in receipts]

    def look(self, *keys: str, fields: Sequence[str] = ("text",)) -> dict[str, list[Value]]:
        """Values read back, by key, in the order of `fields`."""
        names = [getattr(self.names, name) for name in fields]
        records = self.crm.read(self.target, keys, names)
        return {key: [record.fields[name] for name in names] for key, record in records.items()}

    def test_writes_each_call_once(self) -> None:
        receipts = self.crm.write(self.target, [self.activity("a"), self.activity("b")])
        assert [(r.key, r.created, bool(r.record_id)) for r in receipts] == [("a", True, True), ("b", True, True)]
        assert sorted(self.stored()) == ["a", "b"]

    def test_the_same_again_makes_no_second_record(self) -> None:
        first = self.put(self.activity("a"), self.activity("b"))
        again = self.crm.write(self.target, [self.activity("a"), self.activity("b")])
        assert [(r.record_id, r.created) for r in again] == [(record_id, False) for record_id in first]
        assert sorted(self.stored()) == ["a", "b"]

    def test_changes_by_key_and_by_record_id_reach_the_same_record(self) -> None:
        [record_id] = self.put(self.activity("a", text="one"))
        assert self.put(self.activity("a", text="two")) == [record_id]
        assert self.look("a") == {"a": ["two"]}
        assert self.put(self.activity("a", record_id, text="three")) == [record_id]
        assert self.look("a") == {"a": ["three"]}
        assert len(self.stored()) == 1

    def test_what_a_batch_does_not_name_is_left_alone(self) -> None:
        [first, _] = self.put(self.activity("a", long_text="mine", integer=1), self.activity("b", long_text="hers"))
        others = dict(self.stored()["b"])
        self.put(self.activity("a", first, integer=2))
        assert self.look("a", fields=("text", "long_text", "integer")) == {"a": ["Call a", "mine", 2]}
        self.put(self.activity("a", text="new"))
        assert self.look("a", fields=("text", "long_text", "integer")) == {"a": ["new", "mine", 2]}
        assert self.stored()["b"] == others

    def test_an_answer_lost_after_the_effect_is_told_and_repeating_makes_no_second_record(self) -> None:
        self.crm.describe(self.target)
        self.put(self.activity("before"))
        self.lose_next_answer()
        with pytest.raises(UncertainWriteError):
            self.crm.write(self.target, [self.activity("a", text="one")])
        assert sorted(self.stored()) == ["a", "before"]
        self.put(self.activity("a", text="one"))
        assert sorted(self.stored()) == ["a", "before"]

    def test_receipts_come_in_the_order_of_the_batch(self) -> None:
        keys = [f"call-{number:03}" for number in range(40)]
        self.put(*(self.activity(key) for key in keys[::3]))
        shuffled = sorted(keys, key=lambda key: key[::-1])
        receipts = self.crm.write(self.target, [self.activity(key) for key in shuffled])
        assert [receipt.key for receipt in receipts] == shuffled
        ids = {receipt.key: receipt.record_id for receipt in receipts}
        assert {key: record.id for key, record in self.crm.read(self.target, keys, []).items()} == ids

    def test_one_bad_row_of_200_fails_alone_with_its_code_and_field(self) -> None:
        refusal = self.refusal()
        batch = [self.activity(f"call-{number}") for number in range(200)]
        bad = batch[77] = Activity("call-77", "call-77", {**batch[77].fields, **refusal.fields})
        receipts = self.crm.write(self.target, batch)
        assert [receipt.key for receipt in receipts if receipt.error] == [bad.key]
        error = receipts[77].error
        assert isinstance(error, RejectedError)
        assert (error.code, error.fields) == (refusal.code, (refusal.field,))
        assert len(self.stored()) == 199
        assert bad.key not in self.stored()

    def test_no_error_holds_a_secret_or_anything_that_was_sent(self) -> None:
        refusal = self.refusal()
        bad = {name: f"{CANARY} {value}" if isinstance(value, str) else value for name, value in refusal.fields.items()}
        sent = {self.names.long_text: CANARY, self.names.text: CANARY, **bad}
        told: list[ConnectorError] = [
            receipt.error for receipt in self.crm.write(self.target, [Activity("a", "a", sent)]) if receipt.error
        ]
        assert told
        self.lose_next_answer()
        with pytest.raises(UncertainWriteError) as lost:
            self.crm.write(self.target, [self.activity("b", text=CANARY)])
        for error in (*told, lost.value):
            for text in (str(error), repr(error), repr(vars(error))):
                assert not [word for word in (CANARY, *self.secrets) if word in text]
            assert error.__cause__ is error.__context__ is None

    def test_an_update_of_a_record_that_is_gone_says_so_and_makes_none_anew(self) -> None:
        [record_id] = self.put(self.activity("a"))
        missing = record_id[:-4] + "zzzz"
        receipts = self.crm.write(
            self.target, [self.activity("b", missing, text="x"), self.activity("a", record_id, integer=1)]
        )
        assert receipts == [Receipt("b", gone=True), Receipt("a", record_id=record_id)]
        assert sorted(self.stored()) == ["a"]

    @pytest.mark.parametrize(
        "text",
        [
            "😀 👩‍👩‍👧 🇺🇦",
            "שלום עולם, مرحبا",
            unicodedata.normalize("NFC", "Ångström nai\u0308ve"),
            "first line\nsecond\tline",
            """it's a "quote" \\ and %_;--""",
            "null",
        ],
    )
    def test_any_text_is_read_back_as_it_was_sent(self, text: str) -> None:
        self.put(self.activity("a", text=text.replace("\n", " "), long_text=text))
        assert self.look("a", fields=("text", "long_text")) == {"a": [text.replace("\n", " "), text]}

    # One CRM serves all examples, and every subclass runs the same test on a CRM of its own.
    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
    )
    @given(st.lists(st.text().map(canonical_text).filter(bool), min_size=1, max_size=20))
    def test_canonical_texts_are_what_comes_back(self, texts: list[str]) -> None:
        batch = {f"call-{number}": text for number, text in enumerate(texts)}
        self.put(*(self.activity(key, long_text=text) for key, text in batch.items()))
        assert self.look(*batch, fields=("long_text",)) == {key: [text] for key, text in batch.items()}

    def test_days_and_numbers_come_back_as_such(self) -> None:
        self.put(self.activity("a", day=date(2026, 11, 1), integer=61))
        assert self.look("a", fields=("day", "integer")) == {"a": [date(2026, 11, 1), 61]}

    def test_none_clears_a_field(self) -> None:
        [record_id] = self.put(self.activity("a", long_text="something", day=date(2026, 11, 1)))
        self.put(self.activity("a", record_id, long_text=None, day=None))
        assert self.look("a", fields=("text", "long_text", "day")) == {"a": ["Call a", None, None]}

    def test_reads_only_the_keys_and_fields_asked_for(self) -> None:
        self.put(self.activity("a"), self.activity("b"))
        assert self.look("a", "missing") == {"a": ["Call a"]}
        [record] = self.crm.read(self.target, ["b"], []).values()
        assert record.fields == {}

    def test_reads_200_long_keys_at_once(self) -> None:
        keys = [f"{number:03}-{'k' * 100}" for number in range(self.crm.batch_size)]
        self.put(*(self.activity(key) for key in keys))
        assert list(self.look(*keys)) == keys

    @pytest.mark.parametrize("key", ["it's", "back\\slash", "50%_off", "a:b c", "schlüssel", "') OR ('a' = 'a"])
    def test_a_key_is_a_value_never_a_command(self, key: str) -> None:
        self.put(self.activity(key), self.activity("other"))
        self.put(self.activity(key, text="again"))
        assert self.look(key) == {key: ["again"]}
        assert set(self.stored()) == {key, "other"}

    def test_keys_that_differ_in_case_are_two_calls(self) -> None:
        self.put(self.activity("abc"), self.activity("ABC"))
        assert self.look("abc", "ABC") == {"abc": ["Call abc"], "ABC": ["Call ABC"]}

    def test_a_scan_sees_every_key_across_pages(self) -> None:
        keys = [f"call-{number}" for number in range(4_100)]
        ids: dict[str, str] = {}
        for start in range(0, len(keys), 200):
            batch = keys[start : start + 200]
            ids.update(zip(batch, self.put(*(self.activity(key) for key in batch)), strict=True))
        seen: list[tuple[str, str]] = []
        token, pages = None, 0
        while pages == 0 or token is not None:
            page = self.crm.scan(self.target, token)
            seen += page.rows
            token, pages = page.next_token, pages + 1
        assert len(seen) == len(keys)
        assert dict(seen) == ids
        assert pages == 3

    def test_a_record_tells_its_key_and_what_is_none_has_none(self) -> None:
        [record_id, _] = self.put(self.activity("a"), self.activity("b"))
        assert self.crm.key_of(self.target, record_id) == "a"
        for nothing in (record_id[:-4] + "zzzz", "", "no id", "') OR (Id != '", "x" * 300):
            assert self.crm.key_of(self.target, nothing) is None

    def test_an_empty_crm_has_nothing_to_read_or_scan(self) -> None:
        assert self.crm.read(self.target, ["a"], [self.names.text]) == {}
        assert self.crm.scan(self.target).rows == ()
        assert self.crm.write(self.target, []) == []

    def test_the_schema_tells_the_key_field_and_the_types(self) -> None:
        for _ in ("before the first write", "after it"):
            schema = self.crm.describe(self.target)
            key = schema.fields[self.target.key_field]
            assert key.key
            assert key.createable
            kinds = [schema.fields[name].type.value for name in (self.names.text, self.names.integer, self.names.day)]
            assert kinds == ["text", "integer", "date"]
            assert schema.fields[self.names.long_text].type.value == "long_text"
            self.put(self.activity("a"))

    def test_identity_is_the_same_for_every_connection_and_holds_no_secret(self) -> None:
        identity = self.crm.identity()
        assert identity == self.connect().identity() == self.crm.identity()
        assert identity
        assert not [secret for secret in self.secrets if secret in identity]

    def test_a_record_id_of_a_person_is_taken_in_the_order_of_the_calls(self) -> None:
        clue = Clue("lead.externalLeadId", self.person_id)
        found = self.crm.find([PersonSearch((clue,)), PersonSearch(()), PersonSearch((clue,))])
        assert [type(each) for each in found] == [Person, Unlinked, Person]
        assert found[0] == found[2]
