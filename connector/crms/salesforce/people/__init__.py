"""Whom a call was with: found by record id, phone number or e-mail address."""
