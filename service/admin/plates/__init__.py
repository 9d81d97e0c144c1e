"""Pages of plates: search, and one plate with its history."""
