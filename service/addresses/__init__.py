"""The address register: codes, addresses, names."""
