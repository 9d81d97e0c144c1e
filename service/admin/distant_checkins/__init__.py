"""Check-ins too far from the register's point."""
