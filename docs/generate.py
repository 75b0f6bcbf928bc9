"""Fills the generated parts of the docs from the code they describe: `make docs`.

A part stands between `<!-- generated: NAME -->` and `<!-- end -->`; whatever is in between is replaced. The text around
it is written by hand. `tests/test_docs.py` fails while a part is stale.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from connector.mapping import shape
from connector.mapping.cases import shape as cases
from connector.mapping.codes.registry import CODES as MAPPING_CODES
from connector.settings.codes import CODES as CONFIG_CODES
from docs.parts import benchmarks, codes, commands, language, safeguards, settings

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent
PART = re.compile(r"(<!-- generated: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)

PARTS: dict[str, Callable[[], str]] = {
    "command-list": commands.command_list,
    "command-reference": commands.command_reference,
    "common-options": commands.common_options,
    "settings": settings.settings,
    "example-config": settings.example_config,
    "mapping-keys": language.keys(shape.FILE),
    "key-keys": language.keys(shape.KEY),
    "zone-keys": language.keys(shape.ZONE),
    "person-keys": language.keys(shape.PERSON),
    "person-parts": language.person_parts,
    "wait-keys": language.keys(shape.WAIT),
    "forms": language.keys(shape.FORMS),
    "options": language.options,
    "cut-keys": language.keys(shape.CUT),
    "tests": language.keys(shape.TESTS),
    "case-keys": language.keys(cases.CASE),
    "case-person-keys": language.keys(cases.PERSON),
    "expect-keys": language.keys(cases.EXPECT),
    "call-fields": language.sources(""),
    "lead-fields": language.sources("lead."),
    "conversions": language.conversions,
    "filters": language.filters,
    "labels": language.built_in_labels,
    "config-codes": codes.diagnostics("CFG", CONFIG_CODES.values()),
    "yaml-codes": codes.diagnostics("YML", MAPPING_CODES.values()),
    "file-codes": codes.diagnostics("MAP1", MAPPING_CODES.values()),
    "source-codes": codes.diagnostics("MAP2", MAPPING_CODES.values()),
    "type-codes": codes.diagnostics("MAP3", MAPPING_CODES.values()),
    "crm-codes": codes.diagnostics("MAP4", MAPPING_CODES.values()),
    "test-codes": codes.diagnostics("MAP5", MAPPING_CODES.values()),
    "salesforce-reasons": codes.salesforce_reasons,
    "salesforce-codes": codes.salesforce_codes,
    "assumptions": codes.assumptions,
    "safeguards": safeguards.safeguards,
    "bench-bars": benchmarks.bars,
    "bench-measurements": benchmarks.measurements,
}


def pages() -> list[Path]:
    """Every page of the docs."""
    return [ROOT / "README.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]


def filled(text: str) -> str:
    """The page with every generated part as it should be now."""
    return PART.sub(lambda part: f"{part[1]}{PARTS[part[2]]().strip()}\n{part[3]}", text)


def main() -> None:
    """Fill every page."""
    for page in pages():
        text = page.read_text(encoding="utf-8")
        if (new := filled(text)) != text:
            page.write_text(new, encoding="utf-8")
            print(f"wrote {page.relative_to(ROOT)}")  # noqa: T201  # a script's result


if __name__ == "__main__":
    main()
