"""What writes a replica: its database, the first copy, the changes, and the comparison."""
