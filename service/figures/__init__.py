"""Public figures: counted by month when it is over, published once, never changed."""
