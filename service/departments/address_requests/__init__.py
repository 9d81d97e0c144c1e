"""Addresses that residents show a department from its own form (一件事): request, page, token."""
