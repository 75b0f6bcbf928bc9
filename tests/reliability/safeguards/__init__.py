"""What keeps the promise: each safeguard, how to take it away, and the tests that turn red then."""
