"""Plates (门牌), the batches (批次) they are made in, and the events of each plate."""

from datetime import datetime

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import (
    SRID,
    Code16,
    County6,
    CreatedAt,
    Json,
    Surrogate,
    Table,
    Token10,
    Version,
)


class PlateBatch(Table):
    """Plates issued together; ``payload_prefix`` is the beginning of their QR codes.

    A batch that was chosen as a list walks from draft to ready (``BatchStatus``); one that was
    opened for plates issued at once has the status ``issued``. ``division`` is the beginning that
    the division codes of all its addresses share (of blank plates: of their counties). Who
    submitted it and who agreed is its ``approval``. The plates of a batch ``is_trial`` (试印) never
    count as those of their addresses, and end when a real one is issued.
    """

    __tablename__ = "plate_batch"
    __table_args__ = (Index(None, "division", "id"),)

    id: Mapped[Surrogate]
    name: Mapped[str]
    design: Mapped[str] = mapped_column(String(32))
    payload_prefix: Mapped[str]
    is_trial: Mapped[bool] = mapped_column(server_default="false")
    status: Mapped[str] = mapped_column(String(20), server_default="issued")
    reason: Mapped[str] = mapped_column(server_default="")
    division: Mapped[str] = mapped_column(String(12), server_default="")
    plates: Mapped[int] = mapped_column(Integer, server_default="0")
    choice: Mapped[Json] = mapped_column(server_default="{}")
    print_options: Mapped[Json] = mapped_column(server_default="{}")
    reprint_reason: Mapped[str] = mapped_column(server_default="")
    author_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("staff_account.id"))
    run_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("run.id"))
    maker: Mapped[str] = mapped_column(server_default="")
    handed_over_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    created_by: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[CreatedAt]
    version: Mapped[Version]


class PlateBatchItem(Table):
    """One address of a batch, in plate order; approval covers this list.

    ``token`` is empty before the plate is issued; ``replaces`` is the plate that a reprint comes
    in place of; ``left_out`` says why no plate is made after all, and ``left_out_at`` since when
    (where it is known): what was left out before a request is no part of what is agreed to.
    """

    __tablename__ = "plate_batch_item"
    __table_args__ = (
        Index(None, "code"),
        Index(None, "token"),
        Index(
            "ix_plate_batch_item_left_out",
            "batch_id",
            "place",
            postgresql_where="left_out <> ''",
        ),
    )

    batch_id: Mapped[int] = mapped_column(ForeignKey("plate_batch.id"), primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True)
    code: Mapped[str] = mapped_column(String(16), ForeignKey("address.code"))
    design: Mapped[str] = mapped_column(String(32), server_default="")
    token: Mapped[str | None] = mapped_column(String(10))
    replaces: Mapped[str | None] = mapped_column(String(10))
    left_out: Mapped[str] = mapped_column(server_default="")
    left_out_at: Mapped[datetime | None]
    file: Mapped[str] = mapped_column(server_default="")
    page: Mapped[int] = mapped_column(Integer, server_default="0")
    spot: Mapped[int] = mapped_column(Integer, server_default="0")


class Plate(Table):
    """One physical plate of one generation; its token is permanent and never reused.

    A blank plate (空白牌) has no address until it is bound to one on site; ``county`` says where
    that may be. ``printed_text`` is the name and number in its maker's file: none where nothing
    else is known than what the address said, "" on a plate without a text. ``replaced_by`` is the
    plate ordered in its place: both live until the new one hangs, each a ``generation`` of its own,
    counted from 1, of trial plates from -1 downwards; a blank plate has 0 until it is bound. A
    trigger keeps a plate that has ended from ever coming back.
    """

    __tablename__ = "plate"
    __table_args__ = (
        Index("uq_plate_generation", "code", "generation", unique=True),
        Index(None, "batch_id", "token"),
        Index("ix_plate_replaced_by", "replaced_by", postgresql_where="replaced_by is not null"),
        CheckConstraint("code is not null or county <> ''", name="address_or_county"),
    )

    token: Mapped[Token10] = mapped_column(primary_key=True)
    code: Mapped[str | None] = mapped_column(String(16), ForeignKey("address.code"))
    generation: Mapped[int] = mapped_column(SmallInteger, server_default="1")
    batch_id: Mapped[int] = mapped_column(Integer, ForeignKey("plate_batch.id"))
    status: Mapped[str] = mapped_column(String(16), server_default="to_make")
    replaced_by: Mapped[str | None] = mapped_column(String(10))
    status_reason: Mapped[str] = mapped_column(server_default="")
    printed_text: Mapped[str | None]
    county: Mapped[County6] = mapped_column(server_default="")
    installed_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    version: Mapped[Version]


class PlateEvent(Table):
    """An event of a plate, recorded by a person at the wall or at a desk.

    ``id`` is set by the recording client, so that an event sent twice is recorded once; ``digest``
    distinguishes a repetition from another event under the same id. ``distance_m`` is the distance
    of ``geom`` (or the point given) from the register's; ``is_far`` requests an officer's review.
    """

    __tablename__ = "plate_event"
    __table_args__ = (
        Index(None, "token", "recorded_at"),
        Index("ix_plate_event_far", "recorded_at", postgresql_where="is_far"),
        Index("ix_plate_event_photo", "photo", postgresql_where="photo <> ''"),
        Index(None, "code"),
    )

    token: Mapped[Token10] = mapped_column(ForeignKey("plate.token"), primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    code: Mapped[Code16]
    before: Mapped[str] = mapped_column(String(16))
    after: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    recorded_at: Mapped[CreatedAt]
    actor: Mapped[str]
    geom: Mapped[WKBElement | None] = mapped_column(
        Geometry("POINT", srid=SRID, spatial_index=False)
    )
    accuracy_m: Mapped[float | None]
    distance_m: Mapped[float | None]
    is_far: Mapped[bool] = mapped_column(server_default="false")
    photo: Mapped[str] = mapped_column(server_default="")
    note: Mapped[str] = mapped_column(server_default="")
    detail: Mapped[Json]
    digest: Mapped[str] = mapped_column(String(64))


class CheckInReview(Table):
    """The decision about an event far from the register's point (核实), taken once.

    ``answer`` is moved (属实移点), again (重拍) or refused (退回); ``actor`` who decided.
    """

    __tablename__ = "check_in_review"
    __table_args__ = (
        ForeignKeyConstraint(["token", "event_id"], ["plate_event.token", "plate_event.id"]),
        CheckConstraint("answer in ('moved', 'again', 'refused')", name="answer"),
    )

    token: Mapped[Token10] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    answer: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(server_default="")
    actor: Mapped[str]
    at: Mapped[CreatedAt]
