"""What admins set up beside fields: validation rules, Apex triggers, flows; only that they are there, not what they do.

Sources: Salesforce's Tooling API ("ValidationRule", "ApexTrigger"), Object Reference ("EntityDefinition",
"FlowDefinitionView").
"""

from __future__ import annotations

from connector.sandbox.salesforce.fields import fields
from connector.sandbox.salesforce.objects import OrgObject, named

_ENTITY_DEFINITION = fields("""
    Id                id           Entity Definition ID  kept, defaulted
    QualifiedApiName  string(70)   Qualified API Name    kept
""")

_VALIDATION_RULE = fields("""
    Id                  id                           Validation Rule ID    kept, defaulted
    EntityDefinitionId  reference(EntityDefinition)  Entity Definition ID  kept
    ValidationName      string(80)                   Name                  kept
    Active              boolean                      Active                kept
""")

_APEX_TRIGGER = fields("""
    Id                  id                           Trigger ID            kept, defaulted
    EntityDefinitionId  reference(EntityDefinition)  Entity Definition ID  kept
    Name                string(255)                  Name                  kept
    Status              picklist(40)                 Status                kept
      = Inactive|Active|Deleted
""")

_FLOW_DEFINITION_VIEW = fields("""
    Id                      id                           Flow Definition View ID  kept, defaulted
    ApiName                 string(255)                  Flow API Name            kept
    TriggerType             picklist(255)                Trigger                  kept
      = Scheduled|RecordBeforeSave|RecordAfterSave|RecordBeforeDelete|PlatformEvent
    TriggerObjectOrEventId  reference(EntityDefinition)  Triggering Object or Platform Event ID  kept
    IsActive                boolean                      Active                   kept
""")


def objects() -> list[OrgObject]:
    """The objects of this file, as a new org has them; nobody writes them through the stand-in."""
    found = [
        OrgObject("EntityDefinition", "4ie", "Entity Definition", "Entity Definitions", named(_ENTITY_DEFINITION)),
        OrgObject("ValidationRule", "03d", "Validation Rule", "Validation Rules", named(_VALIDATION_RULE)),
        OrgObject("ApexTrigger", "01q", "Apex Trigger", "Apex Triggers", named(_APEX_TRIGGER)),
        OrgObject("FlowDefinitionView", "3dd", "Flow Definition View", "Flows", named(_FLOW_DEFINITION_VIEW)),
    ]
    for each in found:
        each.writable = each.layoutable = False
    return found
