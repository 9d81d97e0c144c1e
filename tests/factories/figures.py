"""Published figures of two months, of a county with many plates and one with few."""

from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.public_figures import Figure, Subject
from service.core.bulk_copy import copy_rows

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
FIGURES = {
    OCTOBER: [Figure(Subject.SCANS, "330102", "", 1200), Figure(Subject.SCANS, "330106", "", None)],
    NOVEMBER: [
        Figure(Subject.PLATES, "330102", "", 980),
        Figure(Subject.DOORS, "330102", "", 1000),
        Figure(Subject.HUNG, "330102", "", 870),
        Figure(Subject.SCANS, "330102", "", 41234),
        *(Figure(Subject.SCANS_BY_DAY, "330102", f"{day:02}", 1000 + day) for day in range(1, 31)),
        Figure(Subject.PLATES, "330106", "", None),
        Figure(Subject.DOORS, "330106", "", 20),
        Figure(Subject.HUNG, "330106", "", None),
        Figure(Subject.SCANS, "330106", "", None),
    ],
}


def publish_figures(session: Session) -> None:
    """Publish ``FIGURES``, of counties that are there, on 2 December 2026."""
    columns = ("month", "subject", "county", "item", "value")
    for month, figures in FIGURES.items():
        session.execute(text("insert into published_month values (:m, '2026-12-02')"), {"m": month})
        copy_rows(session, "published_figure", columns, ((month, *f) for f in figures))
