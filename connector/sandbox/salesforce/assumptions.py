"""What the stand-in assumes where Salesforce's public documents are silent, each behind one switch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Assumptions:
    r"""Unconfirmed behaviour, with what the stand-in does by default.

    Attributes:
        update_refuses_create_only: a row that updates a Task and carries TaskSubtype fails alone with
            INVALID_FIELD_FOR_INSERT_UPDATE; else the field is ignored.
        upsert_matches_archived: an upsert finds an archived Task by its key; else its key clashes: DUPLICATE_VALUE.
        deleted_rows_hold_their_key: a soft-deleted Task's key clashes with a new one; else the key is free again.
        hidden_key_field_status: HTTP status of an upsert by a field that is missing or may not be seen (404 or 400).
        unreadable_row_fails_request: an unknown field or a value of the wrong JSON type in one row is a 400 for the
            whole request, as it is for a single record; else that row fails alone.
        lengths_in_utf16: text lengths count UTF-16 code units, so an emoji counts as two; else characters.
        line_ends_count_twice: in text areas each line end counts as the two characters it is stored as.
        stores_windows_line_ends: line ends come back as `\r\n`.
        trims_text: white space at both ends of a text is not stored, and an empty text is stored as null.
        drops_milliseconds: date-times are kept to the second.
        description_has_own_code: a Description that is too long fails with MAX_TASK_DESCRIPTION_EXCEEEDED, else with
            STRING_TOO_LONG as any other field.
        unknown_person_code: a WhoId that is no known Lead or Contact fails with this status code.
        lead_excludes_related_to: a Lead as WhoId together with a WhatId fails with FIELD_INTEGRITY_EXCEPTION.
        refuses_converted_lead: a converted Lead as WhoId fails with CANNOT_UPDATE_CONVERTED_LEAD.
    """

    update_refuses_create_only: bool = True
    upsert_matches_archived: bool = False
    deleted_rows_hold_their_key: bool = False
    hidden_key_field_status: int = 404
    unreadable_row_fails_request: bool = True
    lengths_in_utf16: bool = True
    line_ends_count_twice: bool = True
    stores_windows_line_ends: bool = True
    trims_text: bool = True
    drops_milliseconds: bool = True
    description_has_own_code: bool = False
    unknown_person_code: str = "INVALID_CROSS_REFERENCE_KEY"
    lead_excludes_related_to: bool = True
    refuses_converted_lead: bool = True
