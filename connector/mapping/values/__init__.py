"""Values: what goes into a field, checked against that field and compiled in one walk."""
