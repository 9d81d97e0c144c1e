"""The steps of a batch: the buttons and short forms of its page."""
