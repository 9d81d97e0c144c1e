"""The history of the schema (Alembic), and the two calls that run it."""
