"""Reconciles lists of names against the catalogue: W3C Reconciliation Service API 0.2."""
