"""Files that are made to hang, to crash or to eat memory: they are read within limits, or refused at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from connector.diagnostics import SourceFile
from connector.mapping.check import check
from connector.mapping.load import load
from tests.limits import run_limited
from tests.mapping.samples import HEAD
from tests.mapping.survival import KINDS, SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

TASK = "version: 1\nactivity: salesforce/Task\nkey: Apten_Call_Id__c\ntimezone: UTC\nfields:\n"


def _template(text: str) -> str:
    return f'{TASK}  Description: {{text: "{text}", cut: {{keep: start}}}}\n'


def _laughs(levels: int) -> str:
    """Nine times nine times nine … references to one text."""
    rows = [f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(levels)]
    return "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(rows)


SMALL = {
    "a billion laughs": _laughs(20),
    "brackets": "[" * 5_000,
    "braces": "{" * 5_000,
    "dashes": "- " * 5_000,
    "indentation": "\n".join(" " * depth + "a:" for depth in range(300)),
    "a complex key": "? " * 2_000 + "a",
    "tags": "!!python/object/apply:os.system ['true']\n",
    "and after and": _template("{% if " + " and ".join(["summary"] * 3_000) + " %}x{% endif %}"),
    "or after or": _template("{% if " + " or ".join(["summary"] * 3_000) + " %}x{% endif %}"),
    "not after not": _template("{% if " + "not " * 3_000 + "summary %}x{% endif %}"),
    "parentheses": _template("{% if " + "(" * 3_000 + "summary" + ")" * 3_000 + " %}x{% endif %}"),
    "filter after filter": _template("{{ id" + " | cut(5)" * 3_000 + " }}"),
    "dot after dot": _template("{{ id" + ".a" * 3_000 + " }}"),
    "if in if": _template("{% if summary %}" * 900 + "{% endif %}" * 900),
    "elif after elif": _template("{% if summary %}" + "{% elif endedBy %}x" * 2_000 + "{% endif %}"),
    "a large power": _template("{{ 9 ** 9 ** 9 ** 9 }}"),
    "a long number": _template("{{ summary | cut(" + "9" * 5_000 + ") }}"),
    "nested conditions": f"{HEAD}log_when: {'{not: ' * 36}{{isTransfer: true}}{'}' * 36}\nfields: {{a: b}}\n",
    "many conditions": f"{HEAD}log_when: {{any: [{', '.join(['{isTransfer: true}'] * 5_000)}]}}\nfields: {{a: b}}\n",
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", SMALL.values(), ids=SMALL)
def test_what_nests_or_repeats_without_end_is_no_accident(tmp_path: Path, kind: str, text: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(text, encoding="utf-8")
    KINDS[kind](path)


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("a billion laughs", "YML103"),
        ("brackets", "YML108"),
        ("tags", "YML104"),
        ("filter after filter", "MAP220"),
        ("dot after dot", "MAP220"),
        ("parentheses", "MAP220"),
        ("a large power", "MAP221"),
        ("a long number", "MAP220"),
    ],
)
def test_what_nests_or_repeats_without_end_is_told(what: str, code: str) -> None:
    assert code in {found.code for found in check(load(SourceFile("a.yaml", SMALL[what])), SCHEMA)}


@pytest.mark.parametrize("what", ["and after and", "or after or", "elif after elif", "many conditions"])
def test_what_is_only_long_is_taken(what: str) -> None:
    schema = SCHEMA if "Task" in SMALL[what] else None
    assert not any(found.is_error for found in check(load(SourceFile("a.yaml", SMALL[what])), schema))


LARGE = {
    "fields": TASK + "".join(f"  Subjec{number}: x\n" for number in range(4_000)),
    "outputs": _template("{{ id }}" * 15_000),
    "values in one line": _template("{% if endedBy in [" + ", ".join(["'A'"] * 6_000) + "] %}x{% endif %}"),
    "keys in one line": f"{TASK}  Subject: {{{', '.join(f'K{number}: x' for number in range(8_000))}}}\n",
    "aliases": "a: *b\n" * 12_000,
    "slips": "a: {{ b }}\n" * 6_000,
    "typographic quotes": "a: “b”\n" * 8_000,
    "indentations": "".join(f"{' ' * (number % 7)}a: b\n" for number in range(20_000)),
    "one text": "x" * 990_000,
    "ten megabytes": "a: b\n" * 2_000_000,
    "ten megabytes of brackets": "[" * 10_000_000,
    "ten megabytes of nothing": "\0" * 10_000_000,
    "ten megabytes of bombs": _laughs(20) * 15_000,
}


@pytest.mark.parametrize("what", LARGE)
def test_large_files_are_read_within_limits(tmp_path: Path, what: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(LARGE[what], encoding="utf-8")
    run_limited(
        f"""
from pathlib import Path
from tests.mapping.survival import KINDS
for survives in KINDS.values():
    survives(Path({str(path)!r}))
""",
        seconds=60,
        megabytes=600,
    )
