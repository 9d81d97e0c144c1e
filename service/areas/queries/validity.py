"""When an area or a duty holds: from its first day to the end of its last."""

from datetime import date

from sqlalchemy import ColumnElement, or_

from address_model.tables import Area, Duty


def holds_on(table: type[Area] | type[Duty], day: date) -> tuple[ColumnElement[bool], ...]:
    """Conditions: it has begun, and is not over."""
    return (table.valid_from <= day, is_not_over(table, day))


def is_not_over(table: type[Area] | type[Duty], day: date) -> ColumnElement[bool]:
    """A condition: its last day has not passed."""
    return or_(table.valid_to.is_(None), table.valid_to >= day)
