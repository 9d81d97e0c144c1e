"""What a new file holds, with the coordinate system that its headings name."""

from dataclasses import replace
from pathlib import Path

from address_model.coordinates import CoordinateSystem
from service.imports.uploads.reading import Found, read_upload
from service.imports.uploads.states import Declared
from service.imports.uploads.taking import told_in_chinese


def recognise(path: Path, declared: Declared) -> tuple[Declared, Found]:
    """What is declared about a file, completed, and what was found in it.

    Raises:
        SheetFault: it cannot be read.
    """
    with told_in_chinese():
        found = read_upload(path, declared)
        if found.system:
            declared = replace(declared, system=CoordinateSystem(found.system))
            found = read_upload(path, declared)
    return declared, found
