"""Links addresses to the areas they lie in."""
