"""Each assumption is told, is one switch in the code, and is tried both ways."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from connector.sandbox import salesforce
from connector.sandbox.salesforce.assumptions import Assumptions
from docs.generate import ROOT

CODE = Path(salesforce.__path__[0])
NAMES = [field.name for field in fields(Assumptions)]


def texts(folder: Path, pattern: str) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in folder.rglob(pattern))


def test_each_is_described_in_the_code_and_in_the_docs() -> None:
    page = (ROOT / "docs" / "explanation" / "salesforce-assumptions.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f" {name}: " not in (Assumptions.__doc__ or "")] == []
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == NAMES


def test_each_is_asked_for_by_the_code_and_there_are_no_others() -> None:
    assert set(re.findall(r"\bassumptions\.(\w+)", texts(CODE, "*.py"))) == set(NAMES)


def test_each_is_tried_the_other_way() -> None:
    tried = texts(Path(__file__).parent, "test_salesforce_*.py")
    switches = " ".join(re.findall(r"(?:assume\(\w+|Assumptions\(|replace\(org\.assumptions)([^)]*)\)", tried))
    assert [name for name in NAMES if f"{name}=" not in switches] == []
