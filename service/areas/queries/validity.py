"""SQL conditions for the validity of areas and duties; the last day is included."""

from datetime import date

from sqlalchemy import ColumnElement, or_

from address_model.tables import Area, Duty


def holds_on(table: type[Area] | type[Duty], day: date) -> tuple[ColumnElement[bool], ...]:
    """Conditions: it has begun and has not ended."""
    return (table.valid_from <= day, is_not_over(table, day))


def is_not_over(table: type[Area] | type[Duty], day: date) -> ColumnElement[bool]:
    """The condition that its last day has not passed."""
    return or_(table.valid_to.is_(None), table.valid_to >= day)
