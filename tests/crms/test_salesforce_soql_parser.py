"""Every query the adapter sends is SOQL to a parser that nobody here wrote, whatever stands in its values."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from connector.crms.salesforce import soql
from connector.model import Target
from tests.crms.conftest import TASK, call
from tests.node.process import NodeProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.crms.salesforce.adapter import Salesforce
    from tests.crms.conftest import World

pytestmark = pytest.mark.node

HOSTILE = st.text(
    st.one_of(
        st.sampled_from("'\"\\%_\n\r\t\b\f(),;:={}\x00\u2028\u2029\u2019 nuNU"),
        st.characters(exclude_categories=["Cs"]),
    )
)
IDS = st.from_regex(r"00T[0-9A-Za-z]{12}\Z", fullmatch=False)
_ESCAPE = re.compile(r"\\(?:u(?P<code>[0-9A-Fa-f]{4})|(?P<sign>.))", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


class Parser:
    """soql-parser-js."""

    def __init__(self, process: NodeProcess) -> None:
        self._process = process

    def read(self, query: str) -> dict[str, Any]:
        """What it understands."""
        answer = self._process.ask(query)
        assert "error" not in answer, (query, answer["error"])
        return dict(answer["query"])

    def meant(self, query: str) -> dict[str, list[str]]:
        """The values that each field is compared with, texts without their quotes."""
        found, node = {}, self.read(query).get("where")
        while node:
            compared = node["left"]
            value = compared["value"]
            found[compared["field"]] = [_unquoted(each) for each in (value if isinstance(value, list) else [value])]
            assert node.get("operator", "AND") == "AND"
            node = node.get("right")
        return found


def _unquoted(literal: str) -> str:
    if not literal.startswith("'"):
        return literal
    return _ESCAPE.sub(_meant, literal[1:-1])


def _meant(escape: re.Match[str]) -> str:
    return chr(int(escape["code"], 16)) if escape["code"] else _ESCAPED.get(escape["sign"], escape["sign"])


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with NodeProcess("soql_parser.js") as process:
        yield Parser(process)


@given(st.lists(HOSTILE, min_size=1, max_size=20, unique=True))
@example(
    [
        "'",
        "\\",
        "\\'",
        "' OR Id != '",
        "it's",
        "\\n",
        "'); DELETE",
        "a' LIMIT 1 --",
        "\\u0027",
        "😀",
        "%",
        "_",
        "\u2028",
    ]
)
def test_a_look_up_by_keys_means_those_keys_and_nothing_else(parser: Parser, keys: list[str]) -> None:
    found = [parser.meant(query) for query in soql.by_keys(TASK, keys, ["Subject"])]
    assert [key for each in found for key in each.pop(TASK.key_field)] == keys
    assert all(each == {"IsDeleted": ["FALSE"]} for each in found)


@given(st.lists(IDS, min_size=1, max_size=20))
def test_a_look_up_by_ids_means_those_ids(parser: Parser, ids: list[str]) -> None:
    assert parser.meant(soql.by_ids(TASK, ids)) == {"IsDeleted": ["FALSE"], "Id": ids}


@given(st.lists(HOSTILE, min_size=1, max_size=20, unique=True))
def test_records_are_looked_up_by_just_those_values(parser: Parser, values: list[str]) -> None:
    asked = [parser.meant(query) for query in soql.among("User", ["Id"], "Username", values)]
    assert [value for each in asked for value in each["Username"]] == values


@given(st.lists(HOSTILE, min_size=1, max_size=20, unique=True))
def test_conditions_that_are_packed_into_queries_stay_what_they_are(parser: Parser, values: list[str]) -> None:
    asked = [
        parser.meant(each) for each in soql.packed("SELECT Id FROM User WHERE Name IN (", map(soql.quoted, values))
    ]
    assert [value for each in asked for value in each["Name"]] == values


@given(IDS)
def test_the_key_of_one_record_is_asked_for_by_its_id(parser: Parser, record_id: str) -> None:
    assert parser.meant(soql.key_of(TASK, record_id)) == {"IsDeleted": ["FALSE"], "Id": [record_id]}


@given(HOSTILE)
def test_a_page_of_keys_begins_after_what_was_seen(parser: Parser, after: str) -> None:
    query = parser.read(soql.page_of_keys(TASK, after))
    assert (query["orderBy"], query["limit"]) == ([{"field": "Id"}], soql.PAGE)
    meant = parser.meant(soql.page_of_keys(TASK, after))
    assert meant == {"IsDeleted": ["FALSE"], TASK.key_field: ["NULL"], "Id": [after]}
    assert "Id" not in parser.meant(soql.page_of_keys(TASK, None))


@given(st.from_regex(r"[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*(__c)?", fullmatch=True))
def test_names_of_an_admins_own_are_taken(parser: Parser, name: str) -> None:
    query = parser.read(soql.page_of_keys(Target(f"{name}_x__c", f"{name}_key__c"), None))
    assert (query["sObject"], query["fields"][1]["field"]) == (f"{name}_x__c", f"{name}_key__c")


def test_the_parser_does_refuse_what_is_no_soql(parser: Parser) -> None:
    for wrong in (
        "SELECT Id FROM Task WHERE Subject = 'it's'",
        "SELECT FROM Task",
        "SELECT Id FROM Task WHERE Id IN ()",
    ):
        with pytest.raises(AssertionError):
            parser.read(wrong)


def test_whatever_the_adapter_asked_the_stand_in_is_soql(parser: Parser, world: World, crm: Salesforce) -> None:
    crm.identity()
    [made] = crm.write(TASK, [call("it's", Subject="x")])
    crm.read(TASK, ["it's", "\\"], ["Subject", "WhoId"])
    crm.scan(TASK, crm.scan(TASK).rows[-1][1])
    assert made.record_id
    world.org.delete(made.record_id)
    crm.write(TASK, [call("it's", made.record_id, Subject="y")])
    queries = [parse_qs(urlsplit(request).query)["q"][0] for request in world.server.requests if "q=" in request]
    assert len(queries) >= 5
    for query in queries:
        parser.read(query)


def test_every_function_that_makes_a_query_is_tried_here() -> None:
    makers = {name for name, each in inspect.getmembers(soql, inspect.isfunction) if each.__module__ == soql.__name__}
    tried = set(re.findall(r"\bsoql\.(\w+)\(", inspect.getsource(inspect.getmodule(Parser))))  # type: ignore[arg-type]  # this very file
    assert {name for name in makers if not name.startswith("_")} - {"quoted", "checked_name"} <= tried
