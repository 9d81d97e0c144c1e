"""Figures of the register: how many addresses and plates a division has in each state."""
