"""Writes areas and duties: loads, handovers, hiding, confirming."""
