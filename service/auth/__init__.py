"""Authentication and authorisation: clients, keys, accounts, roles, grants."""
