"""The frame of the pages of crews."""
