"""Pages of departments' programs: their keys, what they are granted, and what they call."""
