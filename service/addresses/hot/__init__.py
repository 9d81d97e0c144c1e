"""The look-up by code as one query for all that wait."""
