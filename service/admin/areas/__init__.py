"""The pages of areas (责任区): lists, borders on the map, and their editing."""
