"""Reads the published figures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from address_model.public_figures import Figure, Shown, Subject
from address_model.tables import Division, PublishedFigure, PublishedMonth
from service.divisions.queries import PRIMARY_SYSTEM

_COLUMNS = (
    PublishedFigure.subject,
    PublishedFigure.county,
    PublishedFigure.item,
    PublishedFigure.value,
)


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """The published figures of a month (its first day), days of it left out.

    Stocks are those of the day ``counted_on``. ``counties`` has what is told of each, by code.
    """

    month: date
    counted_on: date
    counties: Mapping[str, Mapping[Subject, Shown]]
    kinds: Mapping[str, Shown]


def list_months(session: Session) -> list[date]:
    """The months with published figures, newest first."""
    return list(session.scalars(select(PublishedMonth.month).order_by(PublishedMonth.month.desc())))


def read_months(session: Session, first: date, last: date) -> list[MonthFigures]:
    """The figures of published months from ``first`` to ``last``, newest first."""
    within = PublishedMonth.month.between(first, last)
    months = session.execute(
        select(PublishedMonth.month, PublishedMonth.counted_on)
        .where(within)
        .order_by(PublishedMonth.month.desc())
    ).all()
    found = {day: MonthFigures(day, counted, {}, {}) for day, counted in months}
    counties: dict[date, dict[str, dict[Subject, Shown]]] = {day: {} for day in found}
    kinds: dict[date, dict[str, Shown]] = {day: {} for day in found}
    for month, figure in list_figures(session, first, last, with_days=False):
        if figure.subject is Subject.REPORTS_BY_KIND:
            kinds[month][figure.item] = figure.value
        else:
            county = counties[month].setdefault(figure.county, {})
            county[figure.subject] = figure.value
    return [
        MonthFigures(day, one.counted_on, counties[day], kinds[day]) for day, one in found.items()
    ]


def list_figures(
    session: Session, first: date, last: date, *, with_days: bool
) -> Iterator[tuple[date, Figure]]:
    """All figures of the months from ``first`` to ``last`` with their month, in order."""
    table = PublishedFigure
    statement = select(table.month, *_COLUMNS).where(table.month.between(first, last))
    if not with_days:
        statement = statement.where(table.subject != Subject.SCANS_BY_DAY)
    order = (table.month, table.county, table.subject, table.item)
    for month, subject, county, item, value in session.execute(statement.order_by(*order)):
        yield month, Figure(Subject(subject), county, item, value)


def find_centres(session: Session) -> dict[str, tuple[float, float]]:
    """The middle of each county that has a boundary: longitude and latitude by six-digit code."""
    middle = func.ST_Centroid(Division.geom)
    statement = select(func.left(Division.code, 6), func.ST_X(middle), func.ST_Y(middle)).where(
        Division.level == 3, Division.geom.is_not(None), Division.code_system == PRIMARY_SYSTEM
    )
    return {code: (lon, lat) for code, lon, lat in session.execute(statement)}
