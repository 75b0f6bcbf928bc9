"""The settings of the config."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pydantic_core import PydanticUndefined

from connector import config
from connector.settings.catalogue import catalogue
from connector.shipped import shipped
from docs.parts.markdown import code, sentence, table

if TYPE_CHECKING:
    from connector.settings.catalogue import Setting

_MODELS = (
    ("", config.Config),
    ("apten", config.AptenSettings),
    ("crm", config.SalesforceClientCredentials),
    ("crm", config.SalesforceJwt),
    ("crm", config.SalesforcePassword),
    ("crm", config.SalesforceSession),
    ("crm", config.DatabaseSettings),
    ("sync", config.SyncSettings),
    ("alert", config.AlertSettings),
)


def settings() -> str:
    """Every setting: where it stands, what it says, and what holds without it."""
    found: dict[tuple[str, str], list[Setting]] = {}
    choices: dict[str, set[str]] = {}
    for each in catalogue(config.Config):
        if not each.is_section:
            found.setdefault((each.section, each.name), []).append(each)
            for key, value in each.when.items():
                choices.setdefault(key, set()).add(value)
    rows = []
    for (section, name), settings in found.items():
        path = f"{section}.{name}" if section else name
        only = _only_with(name, [each.when for each in settings], choices)
        rows.append((code(path), _says(settings[0]), only, _default(section, name)))
    return table(("setting", "says", "only with", "without it"), rows)


def _says(setting: Setting) -> str:
    """Its description, and how it is written if that is not as it reads."""
    named = setting.is_secret and "${NAME}" not in setting.description and not setting.name.endswith("_file")
    return sentence(setting.description) + (" Only named, never written out." if named else "")


def _only_with(name: str, whens: list[dict[str, str]], choices: dict[str, set[str]]) -> str:
    """The choices under which the setting exists, but for those that leave no other."""
    parts = []
    for key in whens[0]:
        values = list(dict.fromkeys(when[key] for when in whens if key in when))
        if key != name and all(key in when for when in whens) and set(values) != choices[key]:
            *most, last = [code(f"{key}: {values[0]}"), *map(code, values[1:])]
            parts.append(f"{', '.join(most)} or {last}" if most else last)
    return " and ".join(parts)


def _default(section: str, name: str) -> str:
    models = (model for where, model in _MODELS if where == section and name in model.model_fields)
    default = next(models).model_fields[name].default
    if default is PydanticUndefined:
        return "required"
    if isinstance(default, timedelta):
        return code(f"{int(default.total_seconds() // 60)}m")
    return code(default) if default not in (None, ()) else ""


def example_config() -> str:
    """The example config, whole."""
    return f"```yaml\n{shipped('config.example.yaml').read_text(encoding='utf-8').rstrip()}\n```"
