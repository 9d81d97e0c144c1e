"""The change feed: every change once, in commit order."""
