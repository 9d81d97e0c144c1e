"""Writes areas and duties: loading, handing over, hiding, confirming."""
