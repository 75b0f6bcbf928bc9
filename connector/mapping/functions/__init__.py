"""What `as` and a template's filters can do, each function described once with examples that run as tests."""
