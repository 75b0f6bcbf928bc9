"""Every diagnostic of a mapping: what it is called, what it means, an example, and what to write instead."""
