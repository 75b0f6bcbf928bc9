"""Account, Opportunity, Case and Campaign: what an activity may be about. Source: Salesforce's Object Reference.

Of their many fields, those that naming, owning and finding them takes.
"""

from __future__ import annotations

from connector.sandbox.salesforce.fields import fields
from connector.sandbox.salesforce.objects import SYSTEM_FIELDS, OrgObject, named

_ACCOUNT = fields("""
    Id              id                  Account ID          kept, defaulted
    MasterRecordId  reference(Account)  Master Record ID    kept
    Name            string(255)         Account Name        required
    Type            picklist(255)       Account Type        hideable
      = Prospect|Customer - Direct|Customer - Channel|Channel Partner / Reseller|Installation Partner|Other
    ParentId        reference(Account)  Parent Account ID   hideable
    Phone           phone(40)           Account Phone       hideable
    Website         url(255)            Website             hideable
    Description     textarea(32000)     Account Description  hideable, unfiltered
    OwnerId         reference(User)     Owner ID            defaulted
""")

_OPPORTUNITY = fields("""
    Id          id                  Opportunity ID  kept, defaulted
    AccountId   reference(Account)  Account ID      hideable
    Name        string(120)         Name            required
    StageName   picklist(255)       Stage           required
      = Prospecting|Qualification|Needs Analysis|Value Proposition|Negotiation/Review|Closed Won|Closed Lost
    CloseDate   date                Close Date      required
    IsClosed    boolean             Closed          kept
    OwnerId     reference(User)     Owner ID        defaulted
""")

_CASE = fields("""
    Id          id                     Case ID      kept, defaulted
    CaseNumber  string(30)             Case Number  kept, defaulted, lookup
    ContactId   reference(Contact)     Contact ID   hideable
    AccountId   reference(Account)     Account ID   hideable
    Subject     string(255)            Subject      hideable
    Status      picklist(255)          Status       default=New
      = New|Working|Escalated|Closed
    IsClosed    boolean                Closed       kept
    OwnerId     reference(Group User)  Owner ID     defaulted
""")

_CAMPAIGN = fields("""
    Id        id               Campaign ID    kept, defaulted
    Name      string(80)       Name           required
    IsActive  boolean          Active         hideable
    Status    picklist(255)    Status         hideable
      = Planned|In Progress|Completed|Aborted
    OwnerId   reference(User)  Owner ID       defaulted
""")


def objects() -> list[OrgObject]:
    """The objects of this file, as a new org has them."""
    return [
        OrgObject("Account", "001", "Account", "Accounts", named(_ACCOUNT, SYSTEM_FIELDS), searchable=True),
        OrgObject("Opportunity", "006", "Opportunity", "Opportunities", named(_OPPORTUNITY, SYSTEM_FIELDS)),
        OrgObject("Case", "500", "Case", "Cases", named(_CASE, SYSTEM_FIELDS), ("CaseNumber", "Subject")),
        OrgObject("Campaign", "701", "Campaign", "Campaigns", named(_CAMPAIGN, SYSTEM_FIELDS)),
    ]
