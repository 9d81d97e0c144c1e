"""Replicas: copies of a register in a department's own database, kept up by the change feed."""
