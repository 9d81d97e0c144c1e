"""What is decided about place names: new ones checked, places renamed, merged and divided."""
