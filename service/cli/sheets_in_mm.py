"""Reads the size of a maker's sheet as it is typed, such as 1220x2440."""

from service.core.errors import BadRequest


def read_sheet(text: str) -> tuple[float, float]:
    """Width and height in mm; zeros if the text is empty.

    Raises:
        BadRequest: it is not two numbers with an x between.
    """
    if not text:
        return 0.0, 0.0
    sides = text.lower().replace("×", "x").split("x")
    if len(sides) != 2 or not all(side.replace(".", "", 1).isdigit() for side in sides):
        raise BadRequest(f"{text!r} is no sheet", hint="write it in mm, such as 1220x2440")
    return float(sides[0]), float(sides[1])
