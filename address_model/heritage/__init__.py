"""What the heritage of place names is: years, precision, entries, criteria; pure rules."""
