"""The page of one address: what is registered, its history, and the actions of officers."""
