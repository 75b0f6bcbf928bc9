"""What `setup` makes in an org: the key field, a permission set, its assignment."""
