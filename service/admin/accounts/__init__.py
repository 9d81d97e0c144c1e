"""Accounts of staff: roles, passwords, sessions."""
