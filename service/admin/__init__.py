"""The signed-in area (/admin, /crew): staff pages over the slices."""
