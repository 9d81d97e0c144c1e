"""Place names (地名): the standard name of a place, and every other name it has or had."""

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import SRID, CreatedAt, Surrogate, Table


class PlaceName(Table):
    """One place under its standard name; ``number`` is its public, permanent id.

    ``is_division`` says that the name is the division's own, otherwise it only lies there. Years
    are signed and know no year nought: -222 is 222 BCE. ``precision`` is a word of
    ``address_model.heritage.precision``; nobody may show a place closer than that.
    """

    __tablename__ = "place_name"
    __table_args__ = (
        CheckConstraint("status in ('current', 'historical')", name="status"),
        Index(None, "standard_name", postgresql_ops={"standard_name": "text_pattern_ops"}),
        Index(None, "pinyin_plain", postgresql_ops={"pinyin_plain": "text_pattern_ops"}),
        Index(None, "division_id"),
        Index("ix_place_name_geom", "geom", postgresql_using="gist"),
    )

    id: Mapped[Surrogate]
    number: Mapped[str] = mapped_column(String(24), unique=True)
    place_code: Mapped[str] = mapped_column(String(20), server_default="")
    standard_name: Mapped[str]
    specific: Mapped[str]
    generic: Mapped[str] = mapped_column(server_default="")
    kind: Mapped[str] = mapped_column(String(32))
    kind_code: Mapped[str] = mapped_column(String(5), server_default="")
    kind_source: Mapped[str] = mapped_column(server_default="")
    pinyin: Mapped[str] = mapped_column(server_default="")
    pinyin_plain: Mapped[str] = mapped_column(server_default="")
    pinyin_source: Mapped[str] = mapped_column(server_default="")
    needs_review: Mapped[bool] = mapped_column(server_default="false")
    meaning: Mapped[str] = mapped_column(server_default="")
    origin: Mapped[str] = mapped_column(server_default="")
    history: Mapped[str] = mapped_column(server_default="")
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id"))
    is_division: Mapped[bool] = mapped_column(server_default="false")
    geom: Mapped[WKBElement | None] = mapped_column(
        Geometry("GEOMETRY", srid=SRID, spatial_index=False)
    )
    precision: Mapped[str] = mapped_column(String(24), server_default="none")
    precision_source: Mapped[str] = mapped_column(server_default="")
    status: Mapped[str] = mapped_column(String(12), server_default="current")
    source: Mapped[str] = mapped_column(server_default="")
    changed_at: Mapped[CreatedAt]


class PlaceNameForm(Table):
    """Another name of a place: former, alias, variant or dialect, with its years and citation."""

    __tablename__ = "place_name_form"
    __table_args__ = (
        CheckConstraint("kind in ('former', 'alias', 'variant', 'dialect')", name="kind"),
        Index(None, "place_name_id"),
        Index(None, "text", postgresql_ops={"text": "text_pattern_ops"}),
        Index(None, "pinyin_plain", postgresql_ops={"pinyin_plain": "text_pattern_ops"}),
    )

    id: Mapped[Surrogate]
    place_name_id: Mapped[int] = mapped_column(ForeignKey("place_name.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(SmallInteger)
    text: Mapped[str]
    kind: Mapped[str] = mapped_column(String(12))
    pinyin_plain: Mapped[str] = mapped_column(server_default="")
    year_from: Mapped[int | None] = mapped_column(SmallInteger)
    year_to: Mapped[int | None] = mapped_column(SmallInteger)
    calendar_text: Mapped[str] = mapped_column(server_default="")
    citation: Mapped[str] = mapped_column(server_default="")
    reference: Mapped[str] = mapped_column(server_default="")
