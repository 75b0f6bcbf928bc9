"""Stand-ins that answer as slowly as a network would, and are quick themselves; each in a process of its own."""
