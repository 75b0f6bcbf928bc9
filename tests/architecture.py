"""The rules of the house, as functions from source texts to violations."""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONGEST_FILE = 300

_YAML = {"yaml_codes", "yaml_values", "yaml_slips", "yaml_stumble", "yaml_text"}
_LEAVES = _YAML | {
    "errors",
    "canonical",
    "crm_kinds",
    "crm_schema",
    "diagnostics",
    "findings",
    "model",
    "open_values",
    "record_ids",
    "preparation",
    "quotation",
    "source_model",
}
_PURE = _LEAVES | {"mapping"}
_ADAPTER = {"errors", "record_ids", "model", "source_model", "canonical", "quotation", "crm_schema", "usage", "config"}
_CRM = _ADAPTER | {"crm_kinds", "findings", "loopback", "preparation", "unreached"}
_ABOVE_SYNC = _PURE | {"ports", "sync", "config", "shipped", "clock", "log", "standing", "admin_files", "sparing"}

# Which part of the package may import which others. Every part is named, so that a new one is placed on purpose.
MAY_IMPORT: Mapping[str, set[str]] = {
    "errors": set(),
    "canonical": set(),
    "crm_kinds": set(),
    "record_ids": set(),
    "crm_schema": set(),
    "source_model": set(),
    "clock": set(),
    "log": {"sparing"},
    "sparing": set(),
    "loopback": set(),
    "trust": set(),
    "unreached": set(),
    "findings": set(),
    "diagnostics": {"errors"},
    "model": {"errors"},
    "preparation": {"model"},
    "open_values": {"model"},
    "quotation": {"canonical"},
    "standing": {"model"},
    "usage": set(),
    "shipped": {"errors"},
    "yaml_codes": {"diagnostics"},
    "yaml_values": {"yaml_codes", "diagnostics"},
    "yaml_slips": {"yaml_codes", "yaml_values", "diagnostics"},
    "yaml_stumble": {"yaml_codes", "yaml_slips", "diagnostics"},
    "yaml_text": {"errors", "diagnostics", "yaml_codes", "yaml_values", "yaml_stumble"},
    "ports": {"errors", "model", "source_model", "crm_schema", "findings", "preparation", "usage"},
    "settings": {"errors", "diagnostics", "loopback", "yaml_text"},
    "config": {"errors", "diagnostics", "yaml_text", "settings"},
    "mapping": _LEAVES,
    "sync": {
        *("errors", "model", "open_values", "source_model", "crm_schema", "canonical", "quotation", "usage"),
        *("ports", "mapping"),
    },
    "alert": {"errors", "trust"},
    "apten": _ADAPTER | {"trust", "unreached"},
    "crms": _CRM,
    "ledger": _ADAPTER | {"standing", "findings"},
    "sandbox": {"errors", "model", "source_model", "canonical"},
    "admin_files": _PURE,
    "wiring": _ABOVE_SYNC | {"alert", "apten", "crms", "ledger", "sandbox"},
    "upkeep": _ABOVE_SYNC | {"wiring", "ledger"},
    "cli": _ABOVE_SYNC | {"settings", "wiring", "upkeep", "sandbox"},
    "__main__": {"cli"},
}

# Where each library may be imported: a part, or modules of one.
LIBRARIES: Mapping[str, tuple[str, ...]] = {
    "annotated_types": ("mapping",),
    "click": ("cli",),
    "cryptography": ("crms.salesforce", "sandbox.salesforce"),
    "httpx": ("alert", "apten", "trust"),
    "jinja2": ("mapping",),
    "jwt": ("sandbox.salesforce",),
    "phonenumbers": ("mapping", "crms.salesforce"),
    "pydantic": ("config", "settings", "source_model", "mapping", "apten"),
    "pydantic_core": ("settings",),
    "pyinstrument": ("cli",),
    "requests": ("crms.salesforce",),
    "rich": ("cli", "diagnostics"),
    "simple_salesforce": ("crms.salesforce",),
    "sqlalchemy": ("ledger", "crms.database"),
    "starlette": ("sandbox",),
    "stdnum": ("mapping",),
    "structlog": ("log",),
    "typer": ("cli",),
    "urllib3": ("crms.salesforce",),
    "uvicorn": ("sandbox",),
    "yaml": ("yaml_stumble", "yaml_text"),
}

# Where anything at all may be caught: foreign libraries raise nearly anything, and it becomes an error of ours at one
# place each; the command line shows what nobody foresaw without its traceback, whose texts may hold call data.
BROAD_EXCEPT = {"cli.app", "crms.database.line", "crms.salesforce.connection"}

# Time and chance come in from outside, except where they come from.
_AMBIENT = {
    "date.today",
    "datetime.now",
    "datetime.today",
    "os.environ",
    "os.urandom",
    "random.random",
    "secrets.token_bytes",
    "time.sleep",
    "time.time",
    "uuid.uuid4",
}
_MAY_BE_AMBIENT = {"clock", "log", "wiring", "cli", "sandbox"}
_EVENT = re.compile(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*")
_LOG_METHODS = {"debug", "info", "warning", "error", "critical", "exception"}


@dataclass(frozen=True)
class Module:
    """One source file: its dotted name below `connector`, "" for the package itself."""

    name: str
    text: str
    is_package: bool = field(default=False)

    @property
    def part(self) -> str:
        return self.name.split(".")[0]

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def imports(self) -> frozenset[str]:
        """Every name imported anywhere in the file, absolute, also within functions and for type checking only."""
        return frozenset(self._imports())

    def _imports(self) -> Iterator[str]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.level:
                yield "." * node.level + (node.module or "")
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


def violations(modules: Mapping[str, Module]) -> list[str]:
    """Every breach of a rule, as `module: what`."""
    found = [f"{module.name}: {what}" for module in modules.values() for what in _breaches(module, modules)]
    return sorted(found + [f"ring: {ring}" for ring in _rings(modules)])


def _breaches(module: Module, modules: Mapping[str, Module]) -> Iterator[str]:
    if len(module.text.splitlines()) > LONGEST_FILE:
        yield f"more than {LONGEST_FILE} lines"
    if module.is_package:
        if not (len(module.tree.body) == 1 and ast.get_docstring(module.tree)):
            yield "an __init__.py holds one docstring and nothing else"
    elif module.part not in MAY_IMPORT:
        yield "a part without a place in the house"
    for name in module.imports:
        yield from _import_breaches(module, name, modules)
    for node in ast.walk(module.tree):
        yield from _node_breaches(module, node)


def _import_breaches(module: Module, name: str, modules: Mapping[str, Module]) -> Iterator[str]:
    head, _, rest = name.partition(".")
    if not head:
        yield f"relative import {name}"
    elif head == "connector":
        target = _module_of(rest, modules)
        part = target.split(".")[0]
        if part and part != module.part and part not in MAY_IMPORT.get(module.part, set()):
            yield f"may not import {target}"
        if part == module.part == "crms" and _adapter(target) != _adapter(module.name):
            yield f"may not import its sibling {target}"
    elif head not in sys.stdlib_module_names and head != "_typeshed":
        homes = LIBRARIES.get(head, ())
        if not any(f"{module.name}.".startswith(f"{home}.") for home in homes):
            yield f"may not import the library {head}"


def _node_breaches(module: Module, node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ExceptHandler) and module.name not in BROAD_EXCEPT and _is_broad(node):
        yield "broad except"
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and module.part not in _MAY_BE_AMBIENT:
        name = f"{node.value.id}.{node.attr}"
        if name in _AMBIENT:
            yield f"{name} is to be passed in"
    if isinstance(node, ast.Call) and _logs(node.func):
        event = node.args[0] if node.args else None
        if not (isinstance(event, ast.Constant) and _EVENT.fullmatch(str(event.value))):
            yield "a log event is a constant noun.past_verb"


def _is_broad(handler: ast.ExceptHandler) -> bool:
    """Catches everything and does not raise it again."""
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    broad = any(each is None or (isinstance(each, ast.Name) and each.id in _EVERYTHING) for each in caught)
    last = handler.body[-1]
    return broad and not (isinstance(last, ast.Raise) and last.exc is None)


_EVERYTHING = {"Exception", "BaseException"}


def _logs(function: ast.expr) -> bool:
    if not isinstance(function, ast.Attribute) or function.attr not in _LOG_METHODS:
        return False
    return ast.unparse(function.value).rsplit(".", 1)[-1].lstrip("_") in {"log", "get_log()"}


def _module_of(name: str, modules: Mapping[str, Module]) -> str:
    """The module that an imported name lives in: itself, or the longest part of it that is a module."""
    while name and name not in modules:
        name = name.rpartition(".")[0]
    return name


def _adapter(name: str) -> str:
    return ".".join(name.split(".")[:2])


def _rings(modules: Mapping[str, Module]) -> Iterator[str]:
    graph = {
        name: {
            target
            for imported in module.imports
            if imported.startswith("connector.")
            and (target := _module_of(imported.removeprefix("connector."), modules)) not in ("", name)
        }
        for name, module in modules.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        yield " → ".join(error.args[1])
