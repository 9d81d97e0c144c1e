"""Residents' pages: the page a scanned plate leads to, and the pages around it."""
