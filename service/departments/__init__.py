"""Endpoints for client departments that combine several slices, and the problem-type pages."""
