"""The JSON Schema of the config, for editors: derived from the classes that define the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic.json_schema import GenerateJsonSchema

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import core_schema


def config_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a file of these settings."""
    schema = model.model_json_schema(schema_generator=_ForEditors)
    del schema["description"]  # is meant for those who read the code
    return {"$schema": GenerateJsonSchema.schema_dialect, **schema, "title": "Config"}


class _ForEditors(GenerateJsonSchema):
    """Says what a file may hold, where pydantic says what a program gets.

    A setting may be left empty, a number may stand in quotes, and `${NAME}` may stand for nearly any text.
    """

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 -- as pydantic calls it
        """No title: the name says it."""
        return False

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Defaults that a file could hold are shown; every setting that has one may be empty."""
        inner, default = self.generate_inner(schema["schema"]), schema.get("default")
        shown = {"default": default} if isinstance(default, str | int) else {}
        # Where `null` is a type of the setting itself, editors offer it.
        return {"anyOf": [{**inner, **shown}, {"if": True, "then": {"type": "null"}}]}

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """Whatever may be null has a default."""
        return self.generate_inner(schema["schema"])

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        """Editors take `66.0` for a number."""
        return super().str_schema(schema) | {"type": ["string", "number"]}

    def int_schema(self, schema: core_schema.IntSchema) -> JsonSchemaValue:
        """A whole number, in quotes or not."""
        return super().int_schema(schema) | {"type": ["integer", "string"], "pattern": "^[0-9]+$"}

    def date_schema(self, schema: core_schema.DateSchema) -> JsonSchemaValue:  # noqa: ARG002 -- see above
        """A day, or a variable that holds one."""
        return {"type": "string"}

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        """One of several kinds of sections, told by one of its settings."""
        by = str(schema["discriminator"])
        kinds = {str(name): self.generate_inner(kind) for name, kind in schema["choices"].items()}
        return {
            "type": "object",
            "properties": {by: {"enum": list(kinds)}},
            "required": [by],
            "allOf": [
                {"if": {"properties": {by: {"const": name}}, "required": [by]}, "then": kind}
                for name, kind in kinds.items()
            ],
        }
