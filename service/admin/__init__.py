"""The signed-in area (/admin): a folder a subject, over the commands and queries of the slices."""
