"""A simulation of a connector's days: the real sync code between an Apten and a CRM in memory, under virtual time."""
