"""Vector tiles of the register, for the maps of the staff."""
