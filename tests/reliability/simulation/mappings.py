"""The mappings that the simulated admin goes through."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from connector.diagnostics import SourceFile
from connector.mapping.apply import compile_mapping
from connector.mapping.load import MappingFile, load
from tests.reliability.simulation.records import schema

if TYPE_CHECKING:
    from connector.mapping.apply import Mapping

_TEXT = """\
version: 1
name: Simulated
activity: salesforce/calls
key: call_id
timezone: UTC
wait_for: {summary: 30m}
person: {by: [lead.externalLeadId]}
fields:
  kind: phone call
  person_id: {from: person}
  status: {from: callStatus, cut: {keep: start}, write: always}
  seconds: {from: durationSeconds, write: always}
  day: {from: createdAt, as: date}
  subject: {from: direction, map: {INBOUND: Inbound call, OUTBOUND: Outbound call}}
  notes: {from: summary, default: No summary yet.}
"""
_OTHERS = (
    _TEXT.replace("Inbound call", "They called").replace("Outbound call", "We called"),
    _TEXT.replace("wait_for: {summary: 30m}\n", "").replace("No summary yet.", "The summary is yet to come."),
    _TEXT.replace("wait_for", "log_when: {durationSeconds: {at_least: 1}}\nwait_for"),
)
VERSIONS = (_TEXT, *_OTHERS)


@cache
def mapping_file(version: int) -> MappingFile:
    """The mapping in one of its versions."""
    return load(SourceFile(f"version{version}.yaml", VERSIONS[version]))


@cache
def compiled(version: int) -> Mapping:
    """The same, ready to be applied."""
    return compile_mapping(mapping_file(version), schema())
