"""Logs Apten calls in a CRM: discover, fetch, map, link, write, record."""
