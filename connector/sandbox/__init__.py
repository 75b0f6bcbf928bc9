"""Stand-ins for Apten and each CRM, served over real HTTP: for the demo, for trying out, for the tests."""
