"""Lists that are uploaded at the desk: read, checked and stored step by step."""
