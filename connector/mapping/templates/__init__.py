"""Templates: prose with values in it, in Jinja's notation; nothing of Jinja is evaluated."""
