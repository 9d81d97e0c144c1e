"""Webhooks: changes of the register sent to departments' programs, signed and in order."""
