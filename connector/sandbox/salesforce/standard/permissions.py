"""Permission sets and what they grant. Source: Salesforce's Object Reference."""

from __future__ import annotations

from connector.sandbox.salesforce.fields import OrgField, fields
from connector.sandbox.salesforce.objects import SYSTEM_FIELDS, OrgObject, named

PERMISSIONS = {
    "ApiEnabled": "API Enabled",
    "ActivitiesAccess": "Access Activities",
    "EditTask": "Edit Tasks",
    "ViewSetup": "View Setup and Configuration",
    "CustomizeApplication": "Customize Application",
    "ModifyMetadata": "Modify Metadata Through Metadata API Functions",
    "ManageProfilesPermissionsets": "Manage Profiles and Permission Sets",
    "AssignPermissionSets": "Assign Permission Sets",
    "ViewAllData": "View All Data",
}
"""The user permissions that matter here, each with its label; on a PermissionSet, `Permissions…` fields."""

_PERMISSION_SET = fields("""
    Id                id           PermissionSet ID      kept, defaulted
    Name              string(80)   Permission Set Name   required, unique
    Label             string(80)   Permission Set Label  required
    Description       string(255)  Description
    IsCustom          boolean      Is Custom             kept
    IsOwnedByProfile  boolean      Is Owned By Profile   kept
""")

_FIELD_PERMISSIONS = fields("""
    Id               id                        Field Permissions ID  kept, defaulted
    ParentId         reference(PermissionSet)  Parent ID             required, create-only
    SobjectType      picklist(40)              SObject Type Name     required, create-only
    Field            picklist(255)             Field Name            required, create-only
    PermissionsRead  boolean                   Read Field
    PermissionsEdit  boolean                   Edit Field
""")

_OBJECT_PERMISSIONS = fields("""
    Id                           id                        Object Permissions ID  kept, defaulted
    ParentId                     reference(PermissionSet)  Parent ID              required, create-only
    SobjectType                  picklist(40)              SObject Type Name      required, create-only
    PermissionsRead              boolean                   Read Records
    PermissionsCreate            boolean                   Create Records
    PermissionsEdit              boolean                   Edit Records
    PermissionsDelete            boolean                   Delete Records
    PermissionsViewAllRecords    boolean                   Read All Records
    PermissionsModifyAllRecords  boolean                   Edit All Records
""")

_ASSIGNMENT = fields("""
    Id               id                        PermissionSetAssignment ID  kept, defaulted
    AssigneeId       reference(User)           Assignee ID                 required, create-only
    PermissionSetId  reference(PermissionSet)  PermissionSet ID            required, create-only
""")


def permission_field(permission: str, edit_tasks: str) -> str:
    """The PermissionSet field of a permission; `edit_tasks` is what the one for editing tasks is called."""
    return edit_tasks if permission == "EditTask" else f"Permissions{permission}"


def objects(edit_tasks: str) -> list[OrgObject]:
    """The objects of this file, as a new org has them."""
    granted = [
        OrgField(permission_field(name, edit_tasks), "boolean", label, nillable=False, default=False, defaulted=True)
        for name, label in PERMISSIONS.items()
    ]
    system = SYSTEM_FIELDS[1:]
    own = {
        "PermissionSet": ("0PS", "Permission Set", named(_PERMISSION_SET, granted, system)),
        "FieldPermissions": ("01k", "Field Permissions", named(_FIELD_PERMISSIONS)),
        "ObjectPermissions": ("110", "Object Permissions", named(_OBJECT_PERMISSIONS, system)),
        "PermissionSetAssignment": ("0Pa", "Permission Set Assignment", named(_ASSIGNMENT)),
    }
    return [
        OrgObject(name, prefix, label, f"{label}s", its_fields, (), layoutable=False)
        for name, (prefix, label, its_fields) in own.items()
    ]
