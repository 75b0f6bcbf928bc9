"""A stand-in for a Salesforce org: the REST paths the connector uses, and the rules an org holds rows against."""
