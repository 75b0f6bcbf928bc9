"""What `doctor` looks at in an org."""
