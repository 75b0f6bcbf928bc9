"""The source: Apten's API over HTTP."""
