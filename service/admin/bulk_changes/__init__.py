"""Changes of many addresses at the desk: chosen, looked at, agreed to, followed."""
