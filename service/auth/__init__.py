"""Who this is and what they may do: clients, keys, accounts, grants."""
