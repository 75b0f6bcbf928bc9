"""The documentation, and what fills its generated parts."""
