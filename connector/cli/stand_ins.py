"""`sandbox` and `demo`."""
