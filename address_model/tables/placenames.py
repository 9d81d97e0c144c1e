"""Place names (地名): the standard name of a place, and its other and former names."""

from datetime import date

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import (
    SRID,
    Code16,
    County6,
    CreatedAt,
    Json,
    Surrogate,
    Table,
    ValidFrom,
    Version,
)


class PlaceName(Table):
    """One place under its standard name; ``number`` is its public, permanent id.

    ``is_division`` says that the name is the division's own, otherwise it only lies there. Years
    are signed and know no year nought: -222 is 222 BCE. ``precision`` is a word of
    ``address_model.heritage.precision``; nobody may show a place closer than that.

    A place that addresses count along (``address_model.places``) has its ``county`` and rows in
    ``place_township``. ``former_numbers`` are ids that lead here, of places that went up in this
    one; ``continues_id`` is the same road in the county before.
    """

    __tablename__ = "place_name"
    __table_args__ = (
        CheckConstraint("status in ('current', 'historical')", name="status"),
        Index(None, "standard_name", postgresql_ops={"standard_name": "text_pattern_ops"}),
        Index(None, "pinyin_plain", postgresql_ops={"pinyin_plain": "text_pattern_ops"}),
        Index(None, "division_id"),
        Index("ix_place_name_geom", "geom", postgresql_using="gist"),
        Index("ix_place_name_former_numbers", "former_numbers", postgresql_using="gin"),
        Index("ix_place_name_county", "county", postgresql_where="county <> ''"),
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
    county: Mapped[County6] = mapped_column(server_default="")
    former_numbers: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    continues_id: Mapped[int | None] = mapped_column(ForeignKey("place_name.id"))
    source: Mapped[str] = mapped_column(server_default="")
    changed_at: Mapped[CreatedAt]
    version: Mapped[Version]


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


class PlaceSpace(Table):
    """The next serial of a county's places; their numbers are the county's six digits plus it."""

    __tablename__ = "place_space"

    county: Mapped[County6] = mapped_column(primary_key=True)
    counter: Mapped[int] = mapped_column(Integer, server_default="0")


class PlaceTownship(Table):
    """A township of a place, which distinguishes places of one name in a county.

    ``folded`` is the name in comparison form; ``township`` the 12-digit code, empty
    while no list has named one; ``qualifier`` the community of a natural village, or the former
    township of a namesake that a merger of townships brought here.
    """

    __tablename__ = "place_township"
    __table_args__ = (
        Index(
            "uq_place_township_current",
            "county",
            "folded",
            "kind",
            "township",
            "qualifier",
            unique=True,
            postgresql_where="valid_to is null",
        ),
        Index(None, "place_id"),
    )

    id: Mapped[Surrogate]
    place_id: Mapped[int] = mapped_column(ForeignKey("place_name.id"))
    county: Mapped[County6]
    kind: Mapped[str] = mapped_column(String(32))
    folded: Mapped[str]
    township: Mapped[str] = mapped_column(String(12), server_default="")
    qualifier: Mapped[str] = mapped_column(server_default="")
    note: Mapped[str] = mapped_column(server_default="")
    valid_from: Mapped[ValidFrom]
    valid_to: Mapped[date | None]


class PlaceDecision(Table):
    """A decision about two places: merged, divided, or undone; with what it moved.

    ``moved`` holds the codes and the townships that went from ``from_id`` to ``to_id``, so that
    the decision can be undone.
    """

    __tablename__ = "place_decision"
    __table_args__ = (Index(None, "county", "id"),)

    id: Mapped[Surrogate]
    county: Mapped[County6]
    kind: Mapped[str] = mapped_column(String(16))
    from_id: Mapped[int] = mapped_column(ForeignKey("place_name.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("place_name.id"))
    reason: Mapped[str] = mapped_column(server_default="")
    moved: Mapped[Json]
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("place_decision.id"))
    decided_by: Mapped[str] = mapped_column(server_default="")
    decided_at: Mapped[CreatedAt]


class ImportWaiting(Table):
    """A row of an import that waits for a decision: one place or two?

    The question is the same for all rows with one ``place_id``, ``kind``, ``folded``,
    ``township`` and ``qualifier``; ``draft`` is the row as it will be stored.
    """

    __tablename__ = "import_waiting"
    __table_args__ = (Index(None, "county", "place_id", "township"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    county: Mapped[County6]
    place_id: Mapped[int] = mapped_column(ForeignKey("place_name.id"))
    kind: Mapped[str] = mapped_column(String(32))
    folded: Mapped[str]
    township: Mapped[str] = mapped_column(String(12), server_default="")
    qualifier: Mapped[str] = mapped_column(server_default="")
    reason: Mapped[str] = mapped_column(server_default="")
    code: Mapped[Code16] = mapped_column(server_default="")
    source: Mapped[str] = mapped_column(server_default="")
    row_number: Mapped[int] = mapped_column(Integer)
    draft: Mapped[Json]
    created_at: Mapped[CreatedAt]
