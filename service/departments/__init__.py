"""The desk of departments: what their programs may ask of several slices at once."""
