"""The list of safeguards keeps up with the code; that the tests miss each of them is shown by `make ablations`."""

from __future__ import annotations

from itertools import chain

import pytest

from tests.reliability.ablations import ROOT
from tests.reliability.safeguards.every import SAFEGUARDS
from tests.reliability.safeguards.safeguard import Safeguard, safeguard

ALL = [*chain.from_iterable(SAFEGUARDS.values())]


@pytest.mark.parametrize("each", ALL, ids=[each.name for each in ALL])
def test_what_takes_a_safeguard_away_fits_the_code_and_its_tests_are_there(each: Safeguard) -> None:
    texts = {edit.path: edit.within(ROOT).read_text(encoding="utf-8") for edit in each.edits}
    before = dict(texts)
    for edit in each.edits:
        assert edit.function(ROOT)
        texts[edit.path] = edit.applied(texts[edit.path])
        compile(texts[edit.path], edit.path, "exec")
    assert all(texts[path] != before[path] for path in texts)
    assert each.tests
    for test in each.tests:
        path, _, name = test.partition("::")
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), test


def test_each_has_a_name_of_its_own() -> None:
    assert len({each.name for each in ALL}) == len(ALL)


@pytest.mark.parametrize("old", ["no such code anywhere", "yield from"])
def test_an_edit_that_fits_nowhere_or_in_several_places_is_refused(old: str) -> None:
    (edit,) = safeguard("none", "nothing", ("sync/discover.py", old, ""), red="").edits
    with pytest.raises(ValueError, match="not once"):
        edit.applied(edit.within(ROOT).read_text(encoding="utf-8"))
