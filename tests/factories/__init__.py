"""Records with sensible defaults for tests."""

from tests.factories.addresses import make_draft, make_elements
from tests.factories.areas import make_area, make_duty
from tests.factories.divisions import Place, make_place
from tests.factories.plates import make_plates, make_visit
from tests.factories.programs import grant_program, make_program

__all__ = [
    "Place",
    "grant_program",
    "make_area",
    "make_draft",
    "make_duty",
    "make_elements",
    "make_place",
    "make_plates",
    "make_program",
    "make_visit",
]
