"""The CRMs: one adapter each, translating to and from the neutral ports."""
