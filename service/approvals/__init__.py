"""Approval (审批) by a second person (four-eyes principle)."""
