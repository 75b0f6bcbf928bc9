"""Lead and Contact. Source: real describe answers, recorded in SFDO-Tooling's CumulusCI (BSD-3-Clause)."""

from __future__ import annotations

from connector.sandbox.salesforce import ids
from connector.sandbox.salesforce.fields import fields
from connector.sandbox.salesforce.objects import OrgObject, named

_LEAD = fields("""
    Id                     id                       Lead ID                     kept, defaulted
    IsDeleted              boolean                  Deleted                     kept
    MasterRecordId         reference(Lead)          Master Record ID            kept
    LastName               string(80)               Last Name                   required, of=Name
    FirstName              string(40)               First Name                  of=Name
    Salutation             picklist(40)             Salutation                  of=Name
      = Mr.|Ms.|Mrs.|Dr.|Prof.|Mx.
    Name                   string(121)              Full Name                   kept, required
    Title                  string(128)              Title                       hideable
    Company                string(255)              Company                     required
    Street                 textarea(255)            Street                      hideable, of=Address
    City                   string(40)               City                        hideable, of=Address
    State                  string(80)               State/Province              hideable, of=Address
    PostalCode             string(20)               Zip/Postal Code             hideable, of=Address
    Country                string(80)               Country                     hideable, of=Address
    Latitude               double(18.15)            Latitude                    hideable, of=Address
    Longitude              double(18.15)            Longitude                   hideable, of=Address
    GeocodeAccuracy        picklist(40)             Geocode Accuracy            restricted, hideable, of=Address
      = Address|NearAddress|Block|Street|ExtendedZip|Zip|Neighborhood|City|County|State|Unknown
    Address                address                  Address                     kept, hideable
    Phone                  phone(40)                Phone                       hideable
    MobilePhone            phone(40)                Mobile Phone                hideable
    Fax                    phone(40)                Fax                         hideable
    Email                  email(80)                Email                       hideable, lookup
    Website                url(255)                 Website                     hideable
    PhotoUrl               url(255)                 Photo URL                   kept
    Description            textarea(32000)          Description                 hideable, unfiltered
    LeadSource             picklist(255)            Lead Source                 hideable
      = Web|Phone Inquiry|Partner Referral|Purchased List|Other
    Status                 picklist(255)            Status                      default=Open - Not Contacted
      = Open - Not Contacted|Working - Contacted|Closed - Converted|Closed - Not Converted
    Industry               picklist(255)            Industry                    hideable
      = Agriculture|Apparel|Banking|Biotechnology|Chemicals|Communications|Construction|Consulting|Education
      = Electronics|Energy|Engineering|Entertainment|Environmental|Finance|Food & Beverage|Government|Healthcare
      = Hospitality|Insurance|Machinery|Manufacturing|Media|Not For Profit|Recreation|Retail|Shipping|Technology
      = Telecommunications|Transportation|Utilities|Other
    Rating                 picklist(255)            Rating                      hideable
      = Hot|Warm|Cold
    AnnualRevenue          currency(18.0)           Annual Revenue              hideable
    NumberOfEmployees      int(8)                   Employees                   hideable
    OwnerId                reference(Group User)    Owner ID                    defaulted
    IsConverted            boolean                  Converted                   create-only
    ConvertedDate          date                     Converted Date              kept
    ConvertedAccountId     reference(Account)       Converted Account ID        kept
    ConvertedContactId     reference(Contact)       Converted Contact ID        kept
    ConvertedOpportunityId  reference(Opportunity)   Converted Opportunity ID    kept
    IsUnreadByOwner        boolean                  Unread By Owner
    CreatedDate            datetime                 Created Date                kept, defaulted
    CreatedById            reference(User)          Created By ID               kept, defaulted
    LastModifiedDate       datetime                 Last Modified Date          kept, defaulted
    LastModifiedById       reference(User)          Last Modified By ID         kept, defaulted
    SystemModstamp         datetime                 System Modstamp             kept, defaulted
    LastActivityDate       date                     Last Activity               kept
    LastViewedDate         datetime                 Last Viewed Date            kept
    LastReferencedDate     datetime                 Last Referenced Date        kept
    Jigsaw                 string(20)               Data.com Key                hideable
    JigsawContactId        string(20)               Jigsaw Contact ID           kept
    CleanStatus            picklist(40)             Clean Status                restricted, hideable
      = Matched|Different|Acknowledged|NotFound|Inactive|Pending|SelectMatch|Skipped
    CompanyDunsNumber      string(9)                Company D-U-N-S Number      hideable
    EmailBouncedReason     string(255)              Email Bounced Reason        update-only
    EmailBouncedDate       datetime                 Email Bounced Date          update-only
""")

_CONTACT = fields("""
    Id                     id                       Contact ID                  kept, defaulted
    IsDeleted              boolean                  Deleted                     kept
    MasterRecordId         reference(Contact)       Master Record ID            kept
    AccountId              reference(Account)       Account ID                  hideable
    LastName               string(80)               Last Name                   required, of=Name
    FirstName              string(40)               First Name                  of=Name
    Salutation             picklist(40)             Salutation                  of=Name
      = Mr.|Ms.|Mrs.|Dr.|Prof.
    Name                   string(121)              Full Name                   kept, required
    OtherStreet            textarea(255)            Other Street                hideable, of=OtherAddress
    OtherCity              string(40)               Other City                  hideable, of=OtherAddress
    OtherState             string(80)               Other State/Province        hideable, of=OtherAddress
    OtherPostalCode        string(20)               Other Zip/Postal Code       hideable, of=OtherAddress
    OtherCountry           string(80)               Other Country               hideable, of=OtherAddress
    OtherLatitude          double(18.15)            Other Latitude              hideable, of=OtherAddress
    OtherLongitude         double(18.15)            Other Longitude             hideable, of=OtherAddress
    OtherGeocodeAccuracy   picklist(40)             Other Geocode Accuracy      restricted, hideable, of=OtherAddress
      = Address|NearAddress|Block|Street|ExtendedZip|Zip|Neighborhood|City|County|State|Unknown
    OtherAddress           address                  Other Address               kept, hideable
    MailingStreet          textarea(255)            Mailing Street              hideable, of=MailingAddress
    MailingCity            string(40)               Mailing City                hideable, of=MailingAddress
    MailingState           string(80)               Mailing State/Province      hideable, of=MailingAddress
    MailingPostalCode      string(20)               Mailing Zip/Postal Code     hideable, of=MailingAddress
    MailingCountry         string(80)               Mailing Country             hideable, of=MailingAddress
    MailingLatitude        double(18.15)            Mailing Latitude            hideable, of=MailingAddress
    MailingLongitude       double(18.15)            Mailing Longitude           hideable, of=MailingAddress
    MailingGeocodeAccuracy  picklist(40)             Mailing Geocode Accuracy    restricted, hideable, of=MailingAddress
      = Address|NearAddress|Block|Street|ExtendedZip|Zip|Neighborhood|City|County|State|Unknown
    MailingAddress         address                  Mailing Address             kept, hideable
    Phone                  phone(40)                Business Phone              hideable
    Fax                    phone(40)                Business Fax                hideable
    MobilePhone            phone(40)                Mobile Phone                hideable
    HomePhone              phone(40)                Home Phone                  hideable
    OtherPhone             phone(40)                Other Phone                 hideable
    AssistantPhone         phone(40)                Asst. Phone                 hideable
    ReportsToId            reference(Contact)       Reports To ID               hideable
    Email                  email(80)                Email                       hideable, lookup
    Title                  string(128)              Title                       hideable
    Department             string(80)               Department                  hideable
    AssistantName          string(40)               Assistant's Name            hideable
    LeadSource             picklist(255)            Lead Source                 hideable
      = Web|Phone Inquiry|Partner Referral|Purchased List|Other
    Birthdate              date                     Birthdate                   hideable
    Description            textarea(32000)          Contact Description         hideable, unfiltered
    OwnerId                reference(User)          Owner ID                    defaulted
    CreatedDate            datetime                 Created Date                kept, defaulted
    CreatedById            reference(User)          Created By ID               kept, defaulted
    LastModifiedDate       datetime                 Last Modified Date          kept, defaulted
    LastModifiedById       reference(User)          Last Modified By ID         kept, defaulted
    SystemModstamp         datetime                 System Modstamp             kept, defaulted
    LastActivityDate       date                     Last Activity               kept
    LastCURequestDate      datetime                 Last Stay-in-Touch Request Date  kept
    LastCUUpdateDate       datetime                 Last Stay-in-Touch Save Date  kept
    LastViewedDate         datetime                 Last Viewed Date            kept
    LastReferencedDate     datetime                 Last Referenced Date        kept
    EmailBouncedReason     string(255)              Email Bounced Reason
    EmailBouncedDate       datetime                 Email Bounced Date
    IsEmailBounced         boolean                  Is Email Bounced            kept
    PhotoUrl               url(255)                 Photo URL                   kept
    Jigsaw                 string(20)               Data.com Key                hideable
    JigsawContactId        string(20)               Jigsaw Contact ID           kept
    CleanStatus            picklist(40)             Clean Status                restricted, hideable
      = Matched|Different|Acknowledged|NotFound|Inactive|Pending|SelectMatch|Skipped
""")

_NAMES = ("Name", "FirstName", "LastName")


def objects() -> list[OrgObject]:
    """The objects of this file, as a new org has them."""
    return [
        OrgObject("Lead", ids.LEAD, "Lead", "Leads", named(_LEAD), names=(*_NAMES, "Company"), searchable=True),
        OrgObject("Contact", ids.CONTACT, "Contact", "Contacts", named(_CONTACT), names=_NAMES, searchable=True),
    ]
