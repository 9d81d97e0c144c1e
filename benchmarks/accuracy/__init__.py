"""Accuracy of the parser on real and hand-labelled texts."""
