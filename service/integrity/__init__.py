"""Whether the database that is connected holds what it should: what `check` and `serve` ask."""
