"""The org itself, its users and queues, and its record types. Source: Salesforce's Object Reference."""

from __future__ import annotations

from connector.sandbox.salesforce import ids
from connector.sandbox.salesforce.fields import fields
from connector.sandbox.salesforce.objects import SYSTEM_FIELDS, OrgObject, named

_ORGANIZATION = fields("""
    Id                id           Organization ID  kept, defaulted
    Name              string(80)   Name
    OrganizationType  picklist(40)  Edition         kept, restricted
      = Developer Edition|Enterprise Edition|Unlimited Edition
    InstanceName      string(5)    Instance Name    kept
    IsSandbox         boolean      Is Sandbox       kept
    TimeZoneSidKey    picklist(40)  Time Zone       default=America/Los_Angeles
""")

_USER = fields("""
    Id          id                  User ID      kept, defaulted
    Username    string(80)          Username     required, lookup
    LastName    string(80)          Last Name    required, of=Name
    FirstName   string(40)          First Name   of=Name
    Name        string(121)         Full Name    kept, required
    Email       email(128)          Email        required, lookup
    Alias       string(8)           Alias        required
    IsActive    boolean             Active
    ProfileId   id                  Profile ID   required
    UserRoleId  id                  Role ID
""")

_GROUP = fields("""
    Id             id            Group ID        kept, defaulted
    Name           string(40)    Name            required
    DeveloperName  string(80)    Developer Name
    Type           picklist(40)  Type            required, restricted
      = Regular|Queue
    Email          email(80)     Email
""")

_RECORD_TYPE = fields("""
    Id             id             Record Type ID    kept, defaulted
    Name           string(80)     Name              required
    DeveloperName  string(80)     Record Type Name  required
    SobjectType    picklist(40)   SObject Type      required
    IsActive       boolean        Active
""")


def objects() -> list[OrgObject]:
    """The objects of this file, as a new org has them; nobody writes them through the stand-in."""
    system = SYSTEM_FIELDS[1:]
    found = [
        OrgObject("Organization", ids.ORGANIZATION, "Organization", "Organizations", named(_ORGANIZATION)),
        OrgObject("User", ids.USER, "User", "Users", named(_USER, system), ("Name", "FirstName", "LastName")),
        OrgObject("Group", "00G", "Group", "Groups", named(_GROUP, system)),
        OrgObject("RecordType", "012", "Record Type", "Record Types", named(_RECORD_TYPE, system)),
    ]
    for each in found:
        each.writable = each.layoutable = False
    return found
