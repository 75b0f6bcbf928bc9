from __future__ import annotations

import re
import sys
import unicodedata
from typing import TYPE_CHECKING, Any

import phonenumbers
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from stdnum import luhn

from connector.mapping.problems import Problems
from connector.mapping.redaction import read_redaction
from connector.mapping.shape import CARD_NUMBERS, EMAILS, LONG_NUMBERS, PHONES
from connector.yaml_text import read
from tests.limits import run_limited
from tests.mapping.samples import LEAD, call, file, value

if TYPE_CHECKING:
    from collections.abc import Callable

WHAT = (CARD_NUMBERS, EMAILS, PHONES, LONG_NUMBERS)


def taking_out(*what: str, country: str | None = "US") -> Callable[[str], str]:
    node = read(file(f"[{', '.join(what)}]"))
    assert node is not None
    apply = read_redaction(node, country, Problems(), everywhere=False).apply
    assert apply is not None
    return apply


def digits_of(text: str) -> str:
    return "".join(str(unicodedata.decimal(ch)) for ch in text if ch.isdecimal())


cards = st.builds(
    lambda known: known + luhn.calc_check_digit(known), st.from_regex(r"[2-6][0-9]{11,17}", fullmatch=True)
)
_GROUPINGS = [(4,), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), (19,), (1,), (2,), (8,)]
_BETWEEN = ["", " ", "-", ".", " - ", "  ", "\u00a0", "\u2013", "\u2009", "\u2011", "\u200b", "\x00", " \u2014 "]
_TEN = {"ASCII": "0", "Arabic": "\u0660", "Persian": "\u06f0", "Devanagari": "\u0966", "wide": "\uff10"}


@st.composite
def spelled(draw: st.DrawFn, number: str) -> str:
    """The number as somebody might write it: in groups, in digits of another script."""
    sizes, at = draw(st.sampled_from(_GROUPINGS)), 0
    groups: list[str] = []
    while at < len(number):
        size = sizes[min(len(groups), len(sizes) - 1)]
        groups.append(number[at : at + size])
        at += size
    zero = ord(draw(st.sampled_from(list(_TEN.values()))))
    return draw(st.sampled_from(_BETWEEN)).join(groups).translate({48 + digit: zero + digit for digit in range(10)})


_before = st.sampled_from(["", "card ", "It is: ", "(", "no.", "\n", "שלום ", "2 cards, ", "12 "])
_after = st.sampled_from(["", ".", " 12/27", " 1227", " 12 27", "-12-27 123", ", exp 12/27", ")", "\nok", " and more"])


@given(_before, cards.flatmap(lambda card: st.tuples(st.just(card), spelled(card))), _after)
@example("", ("371449635398431", "3714 496353 98431"), " 5500 0000 0000 0004")
def test_no_card_number_survives(before: str, card: tuple[str, str], after: str) -> None:
    left = digits_of(taking_out("card_numbers")(before + card[1] + after))
    assert card[0] not in left
    assert len(left) <= len(digits_of(before + after)) + 4


@given(st.lists(cards.flatmap(spelled), min_size=2, max_size=3), st.sampled_from([" ", ", ", " - ", "\n"]))
def test_no_card_number_hides_behind_another(spellings: list[str], between: str) -> None:
    left = taking_out("card_numbers")(between.join(spellings))
    assert not any(digits_of(one) in digits_of(left) for one in spellings)


def as_a_field_of(length: int, written: str, **facts: Any) -> str:
    field = f"{{type: text, length: {length}}}"
    made = value(written, call(**facts), LEAD, field=field, head="redact: [card_numbers, emails, phones]\n")
    assert isinstance(made, str)
    return made


@given(cards.flatmap(spelled), st.integers(1, 60), st.sampled_from(["start", "end"]), st.booleans())
def test_no_part_of_a_card_number_survives_a_cut(card: str, length: int, keep: str, in_template: bool) -> None:
    source = "text: \"{{ summary | default('') | cut(99) }}\"" if in_template else "from: summary"
    written = f"{{{source}, default: none, cut: {{keep: {keep}}}}}"
    assert digits_of(as_a_field_of(length, written, summary=f"Paid by {card} today.")) == ""
    turns = [{"role": "user", "content": f"it is {card}"}]
    written = f"{{text: \"{{{{ transcript | dialogue | cut('…') }}}}\", default: none, cut: {{keep: {keep}}}}}"
    assert digits_of(as_a_field_of(length, written, transcript=turns)) == ""


def test_a_transcript_is_read_turn_by_turn() -> None:
    turns = [{"role": "user", "content": "4111 1111 1111 1111"}, {"role": "assistant", "content": "Thanks, 12 items."}]
    made = value("{from: transcript, as: text}", call(transcript=turns), head="redact: card_numbers\n")
    assert made == "Customer: [card number]\nAgent: Thanks, 12 items."


def test_only_what_was_said_or_written_is_redacted_unless_a_field_says_so() -> None:
    head = "redact: [emails, phones, long_numbers]\nperson: {by: [lead.phone], phone_country: US}\n"
    lead = LEAD.model_copy(update={"email": "ada@example.com", "phone": "+12085550100", "summary": "ada@example.com"})
    assert value("{from: lead.email}", call(), lead, head=head) == "ada@example.com"
    assert value("{from: lead.phone}", call(), lead, head=head) == "+12085550100"
    assert value("{text: '{{ id }}'}", call(id="123456789012"), lead, head=head) == "123456789012"
    assert value("{from: lead.summary}", call(), lead, head=head) == "[e-mail address]"
    assert value("{from: lead.email, redact: [emails]}", call(), lead, head=head) == "[e-mail address]"
    assert value("{from: lead.email, redact: nothing}", call(), lead, head=head) == "ada@example.com"
    assert value("{from: lead.summary, redact: nothing}", call(), lead, head=head) == "ada@example.com"


@given(st.emails(), _before, st.sampled_from(["", ".", ", please", " thanks", ">", ")"]))
@example("o'brien+sales@example.co.uk", "", "")
@example("ada@müller.de", "", "")
@example("ada@xn--e1afmkfd.xn--p1ai", "", "")
@example("ada@उदाहरण.भारत", "", "")
def test_no_e_mail_address_survives(address: str, before: str, after: str) -> None:
    assume(re.search(r"\w", address.partition("@")[0]))
    left = taking_out("emails")(before + address + after)
    assert address not in left
    assert "@" not in left


def test_an_address_ends_where_its_domain_ends() -> None:
    assert taking_out("emails")("Write to <ada@example.com>, or to bob@example.org.") == (
        "Write to <[e-mail address]>, or to [e-mail address]."
    )


_NANP = st.from_regex(r"[2-9][0-9]{2}[2-9][0-9]{6}", fullmatch=True)
_LAYOUTS = [
    "({0}) {1}-{2}",
    "({0}){1}-{2}",
    "{0}-{1}-{2}",
    "{0}.{1}.{2}",
    "{0} {1} {2}",
    "{0}{1}{2}",
    "1-{0}-{1}-{2}",
    "1 {0} {1} {2}",
    "+1{0}{1}{2}",
    "+1 ({0}) {1}-{2}",
    "{0}-{1}-{2} ext. 12",
]
_AROUND = [("", ""), ("Call ", " today"), ("tel:", "."), ("(", ")"), ("or ", ", please"), ("at", "now"), ("“", "”")]


@given(_NANP, st.sampled_from(_LAYOUTS), st.sampled_from(_AROUND), st.sampled_from(list(_TEN.values())))
def test_no_number_of_the_united_states_survives(number: str, layout: str, around: tuple[str, str], zero: str) -> None:
    written = layout.format(number[:3], number[3:6], number[6:])
    written = written.translate({48 + digit: ord(zero) + digit for digit in range(10)})
    left = taking_out("phones")(around[0] + written + around[1])
    assert number not in digits_of(left)
    assert len(digits_of(left)) <= 2


_EXAMPLES = [
    phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    for region in sorted(phonenumbers.SUPPORTED_REGIONS)
    for kind in (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE)
    if (number := phonenumbers.example_number_for_type(region, kind)) is not None
]


@given(st.sampled_from(_EXAMPLES), st.sampled_from(_AROUND), st.sampled_from(["US", "DE", None]))
def test_no_number_with_its_countrys_code_survives(number: str, around: tuple[str, str], country: str | None) -> None:
    left = taking_out("phones", country=country)(around[0] + number + around[1])
    assert digits_of(left) == ""


@pytest.mark.parametrize("number", ["030 1234567", "030/1234567", "0171 1234567", "+49 30 123456", "(089) 12 34 56 78"])
def test_numbers_of_another_country_are_known_by_its_rules(number: str) -> None:
    assert taking_out("phones", country="DE")(f"Tel. {number}.") == "Tel. [phone number]."


_HARMLESS = [
    "Follow up on 2026-06-15 at 10:30.",
    "2026-06-15 10:30",
    "am 15.06.2026 um 10:30 Uhr",
    "25.06.2026 10:30",
    "06/15/2026",
    "from 9-5",
    "$1,250.00",
    "25000 Euro",
    "12,000 - 15,000",
    "zip 94107",
    "order 1234567",
    "Raum 301",
    "7.5 kW",
    "3 4 5",
    "ext. 12",
    "@ada",
    "a@b",
    "www.example.com",
    "50 %",
    "שלום 12",
    "2nd of June, 2026",
    "10, 20 or 30",
]


@given(
    st.lists(st.sampled_from(_HARMLESS), min_size=1, max_size=4).map("; ".join),
    st.sampled_from(["US", "DE", "DK", None]),
)
def test_a_text_without_such_things_is_untouched(text: str, country: str | None) -> None:
    assert taking_out(*WHAT, country=country)(text) == text


@given(st.text(st.characters(exclude_categories=["Nd", "Cs"], exclude_characters="@")))
def test_a_text_without_digits_and_at_signs_is_only_made_canonical(text: str) -> None:
    assert taking_out(*WHAT)(text) == taking_out("long_numbers")(text)


@given(st.text(st.sampled_from("0123456789 .-@a\u0661\uff11()+/\x00\n"), max_size=80), st.sampled_from(WHAT))
def test_what_is_redacted_stays_as_it_is(text: str, what: str) -> None:
    once = taking_out(what)(text)
    assert taking_out(what)(once) == once


_HOSTILE = ["1", "1 ", "+1", "123 4567 ", "208-555-0100 ", "(1)", "+1(2)3-4.5/6 ", "a@", "a.", "a@a.", "a-", "1/", "1~"]
_HOSTILE += ["1;ext=1", "1 ext. ", "1x", "4111 1111 1111 1111 ", "+", "(", "(1 ", "a@" + "b" * 60 + ".", "\u0661\u00a0"]
_SIZE = 100_000


@pytest.mark.parametrize("what", WHAT)
def test_twice_the_hostile_text_is_twice_the_work(what: str) -> None:
    apply = taking_out(what)
    apply("+1 208 555 0100 " * 20)  # numbering plans are read at their first use
    for piece in _HOSTILE:
        once, twice = (_calls(apply, (piece * size)[:size]) for size in (800, 1_600))
        assert twice < 2.5 * once + 200, piece


def _calls(apply: Callable[[str], str], text: str) -> int:
    """How many functions are called on the way, which is the same on every machine."""
    count = 0

    def seen(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(seen)
    try:
        apply(text)
    finally:
        sys.setprofile(None)
    return count


def test_a_hundred_thousand_hostile_characters_are_done_with_soon() -> None:
    run_limited(
        """
from tests.mapping.test_redaction import _HOSTILE, _SIZE, taking_out
for piece in _HOSTILE:
    taking_out("card_numbers", "emails", "long_numbers")((piece * _SIZE)[:_SIZE])
taking_out("phones")("".join((piece * _SIZE)[: _SIZE // len(_HOSTILE)] for piece in _HOSTILE))
""",
        seconds=120,
    )
