"""Pages of work items: the list, one item, many at once, the printed list, distant check-ins."""
