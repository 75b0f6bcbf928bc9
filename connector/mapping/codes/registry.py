"""All codes in one place, for `explain-code`, the docs and the tests. Codes are never reused."""

from __future__ import annotations

from connector import yaml_codes
from connector.diagnostics import Code
from connector.mapping.codes import cases, crm, file, source, types

CODES: dict[str, Code] = {
    code.name: code
    for module in (yaml_codes, file, source, types, crm, cases)
    for code in vars(module).values()
    if isinstance(code, Code)
}
