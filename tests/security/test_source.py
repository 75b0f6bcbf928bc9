"""What the program never does, read from its source; and that data stays data."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from docs.generate import ROOT
from tests.mapping.samples import call, value

if TYPE_CHECKING:
    from collections.abc import Iterator

EXECUTES = {"eval", "exec", "compile", "__import__"}
EXECUTING_METHODS = {"from_string", "compile_expression", "system", "popen"}
EXECUTING_MODULES = {"code", "ctypes", "marshal", "pickle", "runpy", "shelve", "subprocess"}
ACCOUNTED_FOR = {"connector/__main__.py": ["ctypes"]}
"""Tells the C library that Python itself runs on how many heaps to keep: two numbers of ours, and nothing is loaded."""
READS = {"Environment", "TemplateSyntaxError", "nodes"}
"""What may be used of Jinja: to read templates, not to run them."""
LOADS = {"load", "load_all", "unsafe_load", "full_load", "safe_load"}
UNVERIFIED = {"CERT_NONE", "CERT_OPTIONAL", "check_hostname", "assert_hostname", "_create_unverified_context"}


def trees() -> Iterator[tuple[str, ast.Module]]:
    for path in (ROOT / "connector").rglob("*.py"):
        yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def executing(tree: ast.Module) -> Iterator[str]:
    """What in a file could run code that is not the program's own."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in EXECUTES:
                yield name
            case ast.Attribute(attr=name) if name in EXECUTING_METHODS:
                yield name
            case ast.Attribute(value=ast.Name(id="yaml"), attr=name) if name in LOADS:
                yield f"yaml.{name}"
            case ast.Import(names=names):
                yield from (each.name for each in names if each.name.split(".")[0] in EXECUTING_MODULES)
            case ast.ImportFrom(module=str(module)) if module.split(".")[0] in EXECUTING_MODULES:
                yield module
            case ast.ImportFrom(module="jinja2", names=names):
                yield from (each.name for each in names if each.name not in READS)
            case _:
                pass


def unverifying(tree: ast.Module) -> Iterator[str]:
    """What in a file could have a certificate go unverified."""
    for node in ast.walk(tree):
        match node:
            case ast.keyword(arg="verify", value=ast.Constant(value=False | None)):
                yield "verify"
            case ast.Attribute(attr=name) | ast.Name(id=name) | ast.keyword(arg=str(name)) if name in UNVERIFIED:
                yield name
            case _:
                pass


def test_nothing_is_executed() -> None:
    assert {path: found for path, tree in trees() if (found := list(executing(tree)))} == ACCOUNTED_FOR


def test_nothing_turns_the_verification_of_certificates_off() -> None:
    assert {path: found for path, tree in trees() if (found := list(unverifying(tree)))} == {}


@pytest.mark.parametrize(
    "planted",
    [
        *("eval(text)", "import subprocess", "from pickle import loads", "yaml.safe_load(text)", "os.system(text)"),
        *("from jinja2 import Template", "environment.from_string(text)", "def f():\n    exec(text)"),
        *("get(url, verify=False)", "context.check_hostname = False", "context.verify_mode = ssl.CERT_NONE"),
    ],
)
def test_a_planted_breach_is_noticed(planted: str) -> None:
    tree = ast.parse(planted)
    assert [*executing(tree), *unverifying(tree)]


@pytest.mark.parametrize(
    "said",
    ["{{ 7 * 7 }}", "{% for x in y %}x{% endfor %}", "{{ call.__class__ }}", "${APTEN_API_KEY}", "!!python/x"],
)
def test_what_a_caller_says_is_no_template(said: str) -> None:
    written = """{text: 'Said: {{ summary | default("nothing") }}'}"""
    assert value(written, call(summary=said)) == f"Said: {said}"
