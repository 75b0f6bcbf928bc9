import pytest

from connector.cli.costs import cost_in_words
from connector.sync.cost import Step, Stopwatch, asked
from connector.usage import Usage
from tests.clock import FakeClock


@pytest.mark.parametrize(
    ("counts", "cost", "said"),
    [
        ({}, {}, ""),
        ({"fetched": 99}, {"ms cpu": 900}, "  CPU 0.9 s"),
        ({}, {"apten requests": 1, "apten bytes": 812}, "  Apten: 1 request, 812 bytes"),
        (
            {"created": 900, "updated": 100, "fetched": 1000},
            {
                "apten requests": 2001,
                "apten bytes": 9_400_000,
                "crm requests": 7,
                "crm bytes": 1_200,
                "ms cpu": 2_340,
                Step.WAITING_FOR_APTEN.value: 10_500,
                Step.RECORDING.value: 800,
            },
            (
                "  Apten: 2,001 requests, 9.4 MB · CRM: 7 requests (7.0 per 1,000 activities), 1.2 kB\n"
                "  13.0 s: waiting for Apten 10.5 s, recording 0.8 s · CPU 2.3 s, 2.3 ms a call"
            ),
        ),
    ],
)
def test_costs_in_words(counts: dict[str, int], cost: dict[str, int], said: str) -> None:
    assert cost_in_words(counts, cost, 13.0) == said


def test_a_step_within_a_step_counts_for_itself_alone() -> None:
    clock = FakeClock()
    watch = Stopwatch(clock)
    clock.advance(seconds=9)
    with watch.timing(Step.DECIDING):
        clock.advance(seconds=1)
        with watch.timing(Step.RECORDING):
            clock.advance(seconds=5)
        clock.advance(seconds=2)
    assert watch.milliseconds() == {Step.DECIDING: 3000, Step.RECORDING: 5000, Step.OTHER: 9000}


def test_a_side_that_was_not_asked_has_no_numbers() -> None:
    assert asked(Usage(sent=1, bytes_received=7), Usage()) == {"apten requests": 1, "apten bytes": 7}
