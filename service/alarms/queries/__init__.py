"""Reads what the rules judge, and the alarms that were raised."""
