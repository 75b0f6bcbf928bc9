"""Our memory: what was found, written, and with which result. No content, ever."""
