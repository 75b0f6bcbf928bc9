"""What can be wrong with the file and its sections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.mapping.breaking.mutation import Mutation, add, drop, misspelt, mutator, put, rename
from tests.mapping.rendering import changed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.mapping.breaking.anatomy import Anatomy

_ENUMERATED = {
    "version",
    "activity",
    "write",
    "redact",
    "as",
    "round",
    "if_missing",
    "keep",
    "present",
    "phone_country",
    "if_none",
    "if_many",
    "plus",
    "to",
    "up_to",
}
"""Keys behind which stands one of a few words, or one of a certain make."""
_WRITTEN = {"name", "from", "text", "find", "option", "value", "mark", "suffix"}
"""Keys behind which stands any word."""
_NESTED = {"log_when", "wait_for", "labels", "person", "fields", "when", "map", "cases", "cut", "where"}
"""Keys behind which stands a map or a list."""


@mutator
def a_key_is_misspelt(whole: Anatomy) -> Iterator[Mutation]:
    for path, part in whole.sections():
        for key in part:
            yield rename(whole, (*path, key), misspelt(key))


@mutator
def a_key_is_no_word_of_the_language(whole: Anatomy) -> Iterator[Mutation]:
    for path, _ in whole.sections():
        yield add(whole, path, "quux", "1")


@mutator
def the_key_is_a_field_too(whole: Anatomy) -> Iterator[Mutation]:
    key = whole.tree["key"]
    yield add(whole, ("fields",), key if isinstance(key, str) else key["field"], {"from": "id"})


@mutator
def the_key_field_cannot_be_the_key(whole: Anatomy) -> Iterator[Mutation]:
    path = ("key", "field") if isinstance(whole.tree["key"], dict) else ("key",)
    for field in whole.schema.fields.values():
        if not field.key and field.name not in whole.tree["fields"]:
            yield put(whole, path, field.name)
    yield put(whole, path, "no_such_field")


@mutator
def a_required_key_is_not_there(whole: Anatomy) -> Iterator[Mutation]:
    for key in ("version", "activity", "key", "fields"):
        yield drop(whole, (key,))
    if "person" in whole.tree:
        yield drop(whole, ("person", "by"))
    for name, wait in whole.tree.get("wait_for", {}).items():
        if isinstance(wait, dict):
            yield drop(whole, ("wait_for", name, "up_to"))
    for path, zone in whole.zones():
        if isinstance(zone, dict):
            yield drop(whole, (*path, "from"))
            yield drop(whole, (*path, "default"))
    for path, _ in whole.finds():
        yield drop(whole, (*path, "where"))
        yield drop(whole, (*path, "find"))


@mutator
def nothing_stands_behind_a_key(whole: Anatomy) -> Iterator[Mutation]:
    for path, part in whole.sections():
        for key in part:
            # What the key would have said is missed in the entry around it, too.
            yield Mutation(changed(whole.tree, (*path, key), None), (*path, key), path)
    for name in whole.tree["fields"]:
        yield put(whole, ("fields", name), None)
    for test in whole.conditions():
        yield put(whole, test.path, None)


@mutator
def a_map_stands_where_a_word_is_due(whole: Anatomy) -> Iterator[Mutation]:
    for path, part in whole.sections():
        for key, written in part.items():
            if key in _ENUMERATED | _WRITTEN and isinstance(written, str):
                yield put(whole, (*path, key), {"a": "b"})


@mutator
def a_word_stands_where_a_map_or_a_list_is_due(whole: Anatomy) -> Iterator[Mutation]:
    for path, part in whole.sections():
        for key in part:
            if key in _NESTED:
                # Whatever was in it is missed in the entry around it, too.
                yield Mutation(changed(whole.tree, (*path, key), "word"), (*path, key), path)


@mutator
def a_setting_takes_other_words(whole: Anatomy) -> Iterator[Mutation]:
    for path, part in whole.sections():
        for key, written in part.items():
            if key in _ENUMERATED and isinstance(written, str):
                yield put(whole, (*path, key), "sometimes")
    for path, listed in whole.redactions():
        if isinstance(listed, list):
            yield put(whole, (*path, 0), "card numbers")


@mutator
def the_activity_is_another(whole: Anatomy) -> Iterator[Mutation]:
    crm, _, object_ = whole.tree["activity"].partition("/")
    for other in (f"{crm}/Other", f"{misspelt(crm)}/{object_}", object_):
        yield put(whole, ("activity",), other)


@mutator
def people_are_not_found_so(whole: Anatomy) -> Iterator[Mutation]:
    if "person" in whole.tree:
        yield put(whole, ("person", "by"), ["lead.lastName"])
        if "in" in whole.tree["person"]:
            yield put(whole, ("person", "in"), ["Account"])
        if whole.schema.crm == "database":
            yield put(whole, ("person", "by"), ["lead.phone"])


@mutator
def nobody_is_looked_for(whole: Anatomy) -> Iterator[Mutation]:
    if any(str(value.tree.get("from", "")).startswith("person") for value in whole.values()):
        yield drop(whole, ("person",))


@mutator
def a_zone_is_unknown(whole: Anatomy) -> Iterator[Mutation]:
    for path, zone in whole.zones():
        yield put(whole, (*path, "default") if isinstance(zone, dict) else path, "Mars/Base")


@mutator
def a_zone_is_read_from_what_holds_none(whole: Anatomy) -> Iterator[Mutation]:
    for path, zone in whole.zones():
        if isinstance(zone, dict):
            yield put(whole, (*path, "from"), "durationSeconds")


@mutator
def no_zone_is_named(whole: Anatomy) -> Iterator[Mutation]:
    """Told where a day or an hour is made of a point in time."""
    dated = any(
        (value.tree.get("as") == "date" or "| date" in value.tree.get("text", "")) and "timezone" not in value.tree
        for value in whole.values()
    )
    if dated and "timezone" in whole.tree:
        yield drop(whole, ("timezone",))
