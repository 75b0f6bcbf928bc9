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
        key_in_body_refused: a single upsert that repeats its key in the body is a 400; else it is ignored there.
        single_update_status: HTTP status of a single upsert that updated a record (200 with a body, or 204 without).
        non_unique_key_code: an upsert by an external id that is not unique fails with this code (HTTP 403) unless the
            user may view all data.
        collections_count_once: a collections request is one API request, however many rows it has; else one a row.
        no_right_code: what the user has no right to do fails with this code.
        lock_error_is_wrapped: a row that cannot be locked fails with CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY, and its
            message names UNABLE_TO_LOCK_ROW; else with UNABLE_TO_LOCK_ROW itself.
        drops_milliseconds: date-times are kept to the second.
        description_has_own_code: a Description that is too long fails with MAX_TASK_DESCRIPTION_EXCEEEDED, else with
            STRING_TOO_LONG as any other field.
        unknown_person_code: a WhoId that is no known Lead or Contact fails with this status code.
        deleted_person_code: a WhoId that is a deleted Lead or Contact fails with this status code.
        lead_excludes_related_to: a Lead as WhoId together with a WhatId fails with FIELD_INTEGRITY_EXCEPTION.
        refuses_converted_lead: a converted Lead as WhoId fails with CANNOT_UPDATE_CONVERTED_LEAD.
        literal_limit_holds_in_lists: the texts of an IN list, too, may have 4,000 characters at most.
        deleted_records_reach_others: a query that sees a deleted record reaches through it what it points to, such as
            the record it was merged into; else nothing is there.
        search_lag_seconds: how long a search goes without noticing that a record is new or was changed.
        phone_search_ignores_punctuation: a search for digits finds every phone that ends in them, however it is
            punctuated; else the parts between punctuation are words of their own, and all must be sought.
        tooling_takes_activity: the Tooling API makes fields of `Activity`; else it refuses them.
        activity_fields_belong_to: what CustomField calls the object of such a field (TableEnumOrId).
        tooling_takes_view_setup: the Tooling API answers queries with the permission View Setup and Configuration only,
            else with INVALID_TYPE; or it answers everybody.
        field_exists_code: making a field that is there already fails with this code.
        edit_tasks_field: what the permission to edit tasks is called on a PermissionSet.
        licence_allows_edit_tasks: a permission set that lets its users edit tasks can be assigned to the integration
            user; else its licence does not allow that, and the assignment fails with FIELD_INTEGRITY_EXCEPTION.
        field_permissions_come_in_pairs: granting a field of Task grants that of Event by a row of its own, so that
            making that row fails with DUPLICATE_VALUE; else there is a row only for what was asked.
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
    key_in_body_refused: bool = True
    single_update_status: int = 200
    non_unique_key_code: str = "INSUFFICIENT_ACCESS_OR_READONLY"
    collections_count_once: bool = True
    no_right_code: str = "INSUFFICIENT_ACCESS_OR_READONLY"
    lock_error_is_wrapped: bool = False
    drops_milliseconds: bool = True
    description_has_own_code: bool = False
    unknown_person_code: str = "INVALID_CROSS_REFERENCE_KEY"
    deleted_person_code: str = "ENTITY_IS_DELETED"
    lead_excludes_related_to: bool = True
    refuses_converted_lead: bool = True
    literal_limit_holds_in_lists: bool = True
    deleted_records_reach_others: bool = True
    search_lag_seconds: int = 0
    phone_search_ignores_punctuation: bool = False
    tooling_takes_activity: bool = True
    activity_fields_belong_to: str = "Activity"
    tooling_takes_view_setup: bool = True
    field_exists_code: str = "DUPLICATE_DEVELOPER_NAME"
    edit_tasks_field: str = "PermissionsEditTask"
    licence_allows_edit_tasks: bool = True
    field_permissions_come_in_pairs: bool = True
