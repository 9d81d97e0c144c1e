"""Pages of the desk about what residents report: the list, one report, what is done about it."""
