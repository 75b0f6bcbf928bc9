"""The objects every org has, as far as logging calls touches them; fields after real describe answers."""
