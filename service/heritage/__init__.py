"""Heritage of place names: the catalogue, its searches and its links to addresses."""
