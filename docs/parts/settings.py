"""The settings of the config."""

from __future__ import annotations

from datetime import timedelta

from pydantic_core import PydanticUndefined

from connector import config
from connector.settings.catalogue import catalogue
from connector.shipped import shipped
from docs.parts.markdown import code, sentence, table

_MODELS = (
    ("", config.Config),
    ("apten", config.AptenSettings),
    ("crm", config.SalesforceClientCredentials),
    ("crm", config.SalesforceSession),
    ("crm", config.DatabaseSettings),
    ("sync", config.SyncSettings),
)


def settings() -> str:
    """Every setting: where it stands, what it says, and what holds without it."""
    choices: dict[tuple[str, str], list[dict[str, str]]] = {}
    says: dict[tuple[str, str], str] = {}
    for each in catalogue(config.Config):
        if not each.is_section:
            place = (each.section, each.name)
            choices.setdefault(place, []).append(each.when)
            named = each.is_secret and "${NAME}" not in each.description
            says[place] = sentence(each.description) + (" Only named, never written out." if named else "")
    rows = []
    for (section, name), whens in choices.items():
        shared = [pair for pair in whens[0].items() if pair[0] != name and all(pair in w.items() for w in whens)]
        only = " and ".join(code(f"{key}: {value}") for key, value in shared)
        path = f"{section}.{name}" if section else name
        rows.append((code(path), says[section, name], only, _default(section, name)))
    return table(("setting", "says", "only with", "without it"), rows)


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
