"""What happens to a plate, blank plates, plates that never come back, and work items."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

APP = "menpai_app"
STAMP = sa.text("clock_timestamp()")


def upgrade() -> None:
    _widen_plate()
    _create_plate_event()
    _create_work_item()
    op.execute(f"revoke update, delete, truncate on plate_event from {APP}")
    op.execute(
        "create function plate_stays_ended() returns trigger language plpgsql as $$ begin "
        "raise exception 'plate % is % and never comes back', old.token, old.status "
        "using errcode = 'check_violation', constraint = 'plate_stays_ended'; end $$"
    )
    # The condition costs a bulk update nothing: the function runs only for a forbidden change.
    op.execute(
        "create trigger plate_stays_ended before update of status on plate for each row "
        "when (old.status in ('replaced', 'void') and new.status <> old.status) "
        "execute function plate_stays_ended()"
    )


def downgrade() -> None:
    op.execute("drop trigger plate_stays_ended on plate")
    op.execute("drop function plate_stays_ended()")
    op.drop_table("work_item")
    op.drop_table("plate_event")
    op.execute("delete from plate where code is null")
    op.drop_constraint(op.f("ck_plate_address_or_county"), "plate", type_="check")
    op.drop_index("ix_plate_replaced_by", table_name="plate")
    op.drop_column("plate", "installed_at")
    op.drop_column("plate", "county")
    op.alter_column("plate", "code", nullable=False)


def _widen_plate() -> None:
    op.alter_column("plate", "code", nullable=True)
    op.add_column("plate", sa.Column("county", sa.String(6), server_default="", nullable=False))
    op.add_column("plate", sa.Column("installed_at", sa.DateTime(timezone=True), nullable=True))
    # Not checked against the rows there are: every one of them had to have its address until now.
    op.create_check_constraint(
        op.f("ck_plate_address_or_county"),
        "plate",
        "code is not null or county <> ''",
        postgresql_not_valid=True,
    )
    op.create_index(
        "ix_plate_replaced_by",
        "plate",
        ["replaced_by"],
        postgresql_where="replaced_by is not null",
    )


def _create_plate_event() -> None:
    op.create_table(
        "plate_event",
        sa.Column("token", sa.String(length=10), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("before", sa.String(length=16), nullable=False),
        sa.Column("after", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=STAMP, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("geom", Geometry("POINT", srid=4490, spatial_index=False), nullable=True),
        sa.Column("accuracy_m", sa.Float(), nullable=True),
        sa.Column("distance_m", sa.Float(), nullable=True),
        sa.Column("is_far", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("photo", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("detail", JSONB(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["token"], ["plate.token"], name=op.f("fk_plate_event_token")),
        sa.PrimaryKeyConstraint("token", "id", name=op.f("pk_plate_event")),
    )
    op.create_index(op.f("ix_plate_event_code"), "plate_event", ["code"])
    op.create_index(
        op.f("ix_plate_event_token_recorded_at"), "plate_event", ["token", "recorded_at"]
    )
    op.create_index("ix_plate_event_far", "plate_event", ["recorded_at"], postgresql_where="is_far")


def _create_work_item() -> None:
    op.create_table(
        "work_item",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("campaign", sa.String(length=32), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=16), server_default="open", nullable=False),
        sa.Column("assignee", sa.Text(), server_default="", nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=STAMP, nullable=False),
        sa.Column("closed_by", sa.Text(), server_default="", nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["code"], ["address.code"], name=op.f("fk_work_item_code")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_work_item_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_item")),
    )
    op.create_index(
        "uq_work_item_open",
        "work_item",
        ["key", "kind"],
        unique=True,
        postgresql_where="state = 'open'",
    )
    op.create_index(
        "uq_work_item_campaign",
        "work_item",
        ["key", "campaign"],
        unique=True,
        postgresql_where="campaign <> ''",
    )
    op.create_index("ix_work_item_division", "work_item", ["state", "division", "due", "id"])
    op.create_index("ix_work_item_area", "work_item", ["area_id", "state", "due", "id"])
    op.create_index(
        "ix_work_item_assignee",
        "work_item",
        ["assignee", "state", "due", "id"],
        postgresql_where="assignee <> ''",
    )
