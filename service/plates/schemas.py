"""Plates as the API shows them."""

from datetime import datetime

from pydantic import BaseModel

from service.plates.queries import PlateRow


class PlateOut(BaseModel):
    """One physical plate."""

    token: str
    code: str
    standard_text: str
    generation: int
    status: str
    status_reason: str
    replaced_by: str | None
    design: str
    payload: str
    created_at: datetime
    sample: bool

    @classmethod
    def of(cls, row: PlateRow) -> "PlateOut":
        """Show one row."""
        return cls(
            token=row.token,
            code=row.code,
            standard_text=row.standard_text,
            generation=row.generation,
            status=row.status,
            status_reason=row.status_reason,
            replaced_by=row.replaced_by,
            design=row.design,
            payload=row.payload,
            created_at=row.created_at,
            sample=row.is_sample,
        )
