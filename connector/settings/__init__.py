"""How settings are read: what a value may refer to, what types there are, how problems are told."""
