"""Work for people: what is to be hung, replaced, inspected and repaired, by when, by whom."""
