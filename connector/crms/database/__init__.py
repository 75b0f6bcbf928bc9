"""A table in any database SQLAlchemy speaks to, as a CRM."""
