"""The algorithm: finds calls, maps them, writes each exactly once. Knows ports only."""
