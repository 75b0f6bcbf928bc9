"""Lists every setting from the classes that define them: the source of hints, docs and tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from pydantic import BaseModel, SecretStr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its name, the section it stands in ("" for the top), and its description.

    `when` names the choices under which it exists, e.g. `{"kind": "salesforce", "auth": "session"}`; `is_section` tells
    settings that hold others.
    """

    name: str
    section: str
    description: str
    when: dict[str, str]
    is_secret: bool = False
    is_section: bool = False


def catalogue(model: type[BaseModel], section: str = "") -> Iterator[Setting]:
    """Every setting of a model, section by section, once for each choice under which it exists."""
    when = {name: kind for name, field in model.model_fields.items() if (kind := _only_choice(field))}
    for name, field in model.model_fields.items():
        inside = tuple(_models(field.annotation))
        yield Setting(
            name=name,
            section=section,
            description=field.description or "",
            when=when,
            is_secret=SecretStr in _parts(field.annotation),
            is_section=bool(inside),
        )
        for part in inside:
            yield from catalogue(part, name)


def _only_choice(field: FieldInfo) -> str | None:
    choices = get_args(field.annotation) if get_origin(field.annotation) is Literal else ()
    return str(choices[0]) if len(choices) == 1 else None


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    for part in _parts(annotation):
        if isinstance(part, type) and issubclass(part, BaseModel):
            yield part


def _parts(annotation: Any) -> tuple[Any, ...]:
    """The annotation itself and everything it is made of."""
    return (annotation, *(part for inner in get_args(annotation) for part in _parts(inner)))
