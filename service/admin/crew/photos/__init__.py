"""Photos of crews: those that wait for their event, and those that were kept with one."""
