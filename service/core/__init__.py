"""The floor: settings, database, errors, sheets, logging; it knows no slice."""
