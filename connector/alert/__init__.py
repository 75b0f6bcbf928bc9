"""The alert: a message to a webhook, and what was told by it before."""
