"""How streets are numbered, and what in their numbers was accepted as it is."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Float, ForeignKey, Integer, String, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import Json, Table, Version


class PlaceNumbering(Table):
    """The numbering rule of a place, as in ``address_model.numbering``.

    ``accepted`` are findings that stay (就是这样): by their key, with reason, person and day. It
    belongs to the place: whoever edits it says which version of the place they saw.
    """

    __tablename__ = "place_numbering"
    __table_args__ = (
        CheckConstraint("sides in ('both', 'odd', 'even', 'one')", name="sides"),
        CheckConstraint("odd_side in ('', 'left', 'right')", name="odd_side"),
        CheckConstraint("heading in ('', 'east', 'south', 'west', 'north')", name="heading"),
        CheckConstraint("method in ('sequence', 'distance')", name="method"),
        CheckConstraint("step_m > 0", name="step_m"),
    )

    place_id: Mapped[int] = mapped_column(
        ForeignKey("place_name.id"), primary_key=True, autoincrement=False
    )
    sides: Mapped[str] = mapped_column(String(8), server_default="both")
    odd_side: Mapped[str] = mapped_column(String(8), server_default="")
    heading: Mapped[str] = mapped_column(String(8), server_default="")
    method: Mapped[str] = mapped_column(String(12), server_default="sequence")
    start: Mapped[int] = mapped_column(Integer, server_default="0")
    step_m: Mapped[float] = mapped_column(Float, server_default="2")
    reserved: Mapped[str] = mapped_column(server_default="")
    accepted: Mapped[Json] = mapped_column(JSONB, server_default="{}")
    updated_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    version: Mapped[Version]
