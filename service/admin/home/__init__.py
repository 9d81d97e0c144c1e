"""The dashboard (工作台): what waits for a person, how their division stands, what has changed."""
