"""The tests beside a mapping: cases that say what becomes of a call, read and run."""
