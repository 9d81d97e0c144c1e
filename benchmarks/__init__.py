"""Commands that print figures, each with the ratio to a baseline measured in the same run."""
