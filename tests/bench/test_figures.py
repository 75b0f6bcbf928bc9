from __future__ import annotations

import pytest

from bench.figures import Figure, Options


@pytest.mark.parametrize(
    ("bar", "at_least", "met"), [(1.15, False, True), (1.0, False, False), (1.0, True, True), (1.2, True, False)]
)
def test_the_median_is_held_against_the_bar(bar: float, at_least: bool, met: bool) -> None:
    figure = Figure("time", "case", "s", bar=bar, at_least=at_least)
    for run, requests in ((9.0, 1), (1.1, 3), (1.0, 2)):
        figure.add(run, CRM_requests=requests)
    assert figure.met is met
    assert figure.as_json()["value"] == 1.1
    assert figure.as_json()["detail"] == {"CRM requests": 2}


def test_a_number_without_a_bar_is_neither_met_nor_missed() -> None:
    assert Figure("time", "case", "s", runs=[1.0]).met is None


def test_large_cases_can_be_left_out() -> None:
    assert Options(most_calls=1_000).sizes(200, 1_000, 10_000) == [200, 1_000]
