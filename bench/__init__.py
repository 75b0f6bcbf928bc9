"""Measurements, for people to read: what the connector's speed rests on."""
