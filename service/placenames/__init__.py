"""Place names (地名): the register of standard names and of every other name."""
