"""Many failures for few reasons read as few problems, in a run's result and in `status`."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.cli.conftest import run
from tests.town import Town

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def town(build: Callable[..., Town], monkeypatch: pytest.MonkeyPatch) -> Town:
    """A town whose org refuses every task: two in three for their subject, the others by a trigger."""
    town = build("salesforce", calls=300, leads=40)
    inner: ASGIApp = town.salesforce._app

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "PATCH":
            await inner(scope, receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        rows = json.loads(body)["records"]
        answer = [{"success": False, "errors": [_refusal(row, place)]} for place, row in enumerate(rows)]
        await JSONResponse(answer)(scope, receive, send)

    monkeypatch.setattr(town.salesforce, "_app", app)
    return town


def _refusal(row: dict[str, Any], place: int) -> dict[str, Any]:
    if place % 3:
        message = f"data value too large: {row['Subject']} (max length=10)"
        return {"statusCode": "STRING_TOO_LONG", "message": message, "fields": ["Subject"]}
    message = f'Error {place:05}: the task "{row["Subject"]}" needs a product, see the wiki.'
    return {"statusCode": "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "message": message, "fields": []}


def subject_line(town: Town) -> str:
    lines = town.mapping_path.read_text().splitlines()
    return f"{town.mapping_path}:{next(at for at, line in enumerate(lines, 1) if line.startswith('  Subject:'))}"


def test_three_hundred_failures_read_as_two_problems(town: Town, capsys: Captured) -> None:
    assert run(town, "sync", "--quiet") == 1
    total = len(town.loggable())
    by_trigger = sum(1 for place in range(200) if not place % 3) + sum(1 for p in range(total - 200) if not p % 3)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == f"{total} calls were parked:"
    assert lines[1] == f"  {total - by_trigger} × STRING_TOO_LONG, field Subject ({subject_line(town)})"  # noqa: RUF001
    assert "(field Subject): a text is longer than its field (STRING_TOO_LONG)." in lines[2]
    assert lines[3].startswith("    Let the mapping cut it")
    assert lines[4].startswith("    For instance ")
    assert lines[4].count(",") == 2
    assert lines[5] == f"  {by_trigger} × CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"  # noqa: RUF001
    assert lines[7] == '    The CRM says: "Error 00000: the task "…" needs a product, see the wiki."'
    assert len([line for line in lines if " × " in line]) == 2  # noqa: RUF001


def test_status_tells_the_same_from_the_ledger(town: Town, capsys: Captured) -> None:
    run(town, "sync")
    capsys.readouterr()
    assert run(town, "status") == 1
    shown = capsys.readouterr().out
    parked = shown[shown.index("Parked") :].splitlines()
    assert f"× STRING_TOO_LONG, field Subject ({subject_line(town)}): a text is longer than its field" in parked[1]  # noqa: RUF001
    assert parked[2].strip().startswith("Let the mapping cut it")
    assert parked[3].count(",") == 2
    assert re.fullmatch(r" +Tried first \d{4}-\d\d-\d\d \d\d:\d\d UTC, last \d{4}-\d\d-\d\d \d\d:\d\d UTC\.", parked[4])
    assert "× CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY: a trigger or flow of the org failed" in parked[5]  # noqa: RUF001
    assert "wiki" not in shown
    assert len([line for line in parked if " × " in line]) == 2  # noqa: RUF001


def test_status_works_while_the_mapping_is_broken(town: Town, capsys: Captured) -> None:
    run(town, "sync")
    town.mapping_path.write_text("fields: [")
    capsys.readouterr()
    assert run(town, "status") == 1
    assert "× STRING_TOO_LONG, field Subject: a text" in capsys.readouterr().out  # noqa: RUF001


def test_a_program_reads_problems_with_their_lines(town: Town, capsys: Captured) -> None:
    run(town, "sync", "--format", "json")
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert [(each["code"], each["fields"], each["lines"], each["parked"]) for each in problems] == [
        ("STRING_TOO_LONG", ["Subject"], [subject_line(town)], True),
        ("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", [], [], True),
    ]
    assert sum(each["count"] for each in problems) == len(town.loggable())
    assert all(len(each["call_ids"]) == 3 for each in problems)
