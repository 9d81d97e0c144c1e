"""The service: the floor (core), the slices in their order, and the roof (app, cli)."""
