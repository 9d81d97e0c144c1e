"""The private PostgreSQL server that Menpai makes and runs itself; its backup and restore."""
