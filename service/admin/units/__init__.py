"""Pages of units, their posts and who holds them."""
