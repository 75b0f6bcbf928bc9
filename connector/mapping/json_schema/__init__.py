"""The JSON Schema of mappings, for editors: derived from what the checks read, so that the two say the same."""
