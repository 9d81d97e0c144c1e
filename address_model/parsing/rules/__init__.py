"""The rules of reading, one per file, and their order."""
