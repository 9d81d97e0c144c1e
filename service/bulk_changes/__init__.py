"""Changes of many addresses at once: chosen, looked at, agreed to, and done as one run."""
