"""The maps of the signed-in area: tiles, points of a list, and the files of the map library."""
