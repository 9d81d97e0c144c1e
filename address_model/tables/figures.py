"""The public figures of each month, as they were published."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import County6, Table


class PublishedMonth(Table):
    """A month whose figures are published; added once, never changed.

    ``month`` is its first day. Stocks are those of the day ``counted_on``.
    """

    __tablename__ = "published_month"

    month: Mapped[date] = mapped_column(primary_key=True)
    counted_on: Mapped[date]


class PublishedFigure(Table):
    """One public figure of a month; added with it, never changed.

    ``subject`` is one of ``address_model.public_figures.Subject``. ``county`` is empty for the
    whole register; ``item`` is the day of the month or the kind of a report, or empty. ``value`` is
    None where it may not be told: a count under ten is not even stored.
    """

    __tablename__ = "published_figure"
    __table_args__ = (CheckConstraint("value >= 10 or subject = 'answer_days'", name="value"),)

    month: Mapped[date] = mapped_column(ForeignKey("published_month.month"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(16), primary_key=True)
    county: Mapped[County6] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(String(16), primary_key=True)
    value: Mapped[int | None] = mapped_column(BigInteger)
