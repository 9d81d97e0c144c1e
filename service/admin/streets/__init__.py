"""The numbers of streets: their rule, what does not follow it, new doors."""
