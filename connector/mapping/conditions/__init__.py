"""Conditions: which calls a part of the mapping is for, wherever and in whichever notation they are written."""
