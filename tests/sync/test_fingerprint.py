from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from connector.model import Value
from connector.sync import fingerprint
from tests.sync.test_settle import a_call

if TYPE_CHECKING:
    from connector.source_model import Call

KEY = b"k" * 32
VALUES: st.SearchStrategy[Value] = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(), st.dates(), st.datetimes(timezones=st.just(UTC))
)


@given(st.dictionaries(st.text(), VALUES))
def test_the_order_of_fields_does_not_matter(fields: dict[str, Value]) -> None:
    turned = dict(reversed(fields.items()))
    assert fingerprint.of_fields(KEY, fields) == fingerprint.of_fields(KEY, turned)


def test_values_that_only_look_alike_differ() -> None:
    alike: list[Value] = ["1", 1, True, "2026-01-01", date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC), None, ""]
    assert len({fingerprint.of_fields(KEY, {"f": value}) for value in alike}) == len(alike)


def test_without_the_key_nothing_can_be_guessed() -> None:
    assert fingerprint.of_fields(KEY, {"f": "LEAD"}) != fingerprint.of_fields(b"other", {"f": "LEAD"})


def test_a_calls_own_change_stamp_alone_changes_nothing_but_keys_we_do_not_know_do() -> None:
    same = a_call(updatedAt="2026-06-15T23:00:00Z")
    other: Call = a_call(sentiment="good")
    assert fingerprint.of_call(KEY, a_call()) == fingerprint.of_call(KEY, same)
    assert fingerprint.of_call(KEY, a_call()) != fingerprint.of_call(KEY, other)
