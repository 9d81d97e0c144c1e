"""Divisions as the API shows them."""

from pydantic import BaseModel

from service.divisions.register import LEVEL_NAMES, DivisionRow


class DivisionOut(BaseModel):
    """A division with its code system and edition: codes of two systems are never mixed."""

    code: str
    code_system: str
    edition: str
    level: str
    name: str
    pinyin: str
    urban_rural: str

    @classmethod
    def of(cls, row: DivisionRow) -> "DivisionOut":
        """Show one row."""
        return cls(
            code=row.code,
            code_system=row.code_system,
            edition=row.edition,
            level=LEVEL_NAMES[row.level],
            name=row.name,
            pinyin=row.pinyin,
            urban_rural=row.urban_rural,
        )


class DivisionList(BaseModel):
    """A page of divisions; ``next`` is the cursor of the page behind it."""

    divisions: list[DivisionOut]
    next: str | None


class DivisionDetail(DivisionOut):
    """A division with what lies above and directly below it."""

    ancestors: list[DivisionOut]
    children: list[DivisionOut]
