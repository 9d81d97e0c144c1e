"""The lock under which sheets of areas, duties and handovers are carried out, one at a time."""

LOAD_LOCK = 0x6D656E72
"""An advisory lock ("menr"); readers are not held up."""
