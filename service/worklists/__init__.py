"""Work for people: what is to be hung, replaced, inspected and mended, by when, by whom."""
