"""Places as objects: what addresses count along is a row of the place-name register."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

STAMP = sa.text("clock_timestamp()")
TODAY = sa.text("CURRENT_DATE")
EMPTY = sa.text("''")
VARIANT = "case when kind = 'standard' then '' else left(md5(text), 12) end"


def upgrade() -> None:
    op.add_column(
        "place_name", sa.Column("county", sa.String(6), server_default=EMPTY, nullable=False)
    )
    op.add_column(
        "place_name",
        sa.Column("former_numbers", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
    )
    op.add_column("place_name", sa.Column("continues_id", sa.Integer(), nullable=True))
    op.create_foreign_key(
        op.f("fk_place_name_continues_id"), "place_name", "place_name", ["continues_id"], ["id"]
    )
    op.create_index(
        "ix_place_name_former_numbers", "place_name", ["former_numbers"], postgresql_using="gin"
    )
    op.create_index(
        "ix_place_name_county", "place_name", ["county"], postgresql_where=sa.text("county <> ''")
    )
    _create_place_tables()
    _create_waiting()
    _extend_addresses()


def downgrade() -> None:
    op.execute("alter table address_name drop constraint pk_address_name")
    op.drop_column("address_name", "variant")
    op.execute("alter table address_name alter column key type text")
    op.execute(
        "delete from address_name a using address_name b where a.key = b.key and a.code = b.code "
        "and a.kind = b.kind and a.ctid > b.ctid"
    )
    op.create_primary_key(op.f("pk_address_name"), "address_name", ["key", "code", "kind"])
    op.drop_column("address_name", "source_id")
    op.drop_column("address", "second_place_id")
    op.drop_column("address", "place_id")
    for table in ("import_waiting", "place_decision", "place_township", "place_space"):
        op.drop_table(table)
    op.drop_column("place_name", "continues_id")
    op.drop_column("place_name", "former_numbers")
    op.drop_column("place_name", "county")


def _create_place_tables() -> None:
    op.create_table(
        "place_space",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("counter", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("county", name=op.f("pk_place_space")),
    )
    op.create_table(
        "place_township",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("township", sa.String(12), server_default=EMPTY, nullable=False),
        sa.Column("qualifier", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("note", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("valid_from", sa.Date(), server_default=TODAY, nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place_name.id"], name=op.f("fk_place_township_place_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_township")),
    )
    op.create_index(
        "uq_place_township_current",
        "place_township",
        ["county", "folded", "kind", "township", "qualifier"],
        unique=True,
        postgresql_where=sa.text("valid_to is null"),
    )
    op.create_index(op.f("ix_place_township_place_id"), "place_township", ["place_id"])
    op.create_table(
        "place_decision",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("moved", JSONB(), nullable=False),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), server_default=STAMP, nullable=False),
        sa.ForeignKeyConstraint(
            ["from_id"], ["place_name.id"], name=op.f("fk_place_decision_from_id")
        ),
        sa.ForeignKeyConstraint(["to_id"], ["place_name.id"], name=op.f("fk_place_decision_to_id")),
        sa.ForeignKeyConstraint(
            ["undoes_id"], ["place_decision.id"], name=op.f("fk_place_decision_undoes_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_decision")),
    )
    op.create_index(op.f("ix_place_decision_county_id"), "place_decision", ["county", "id"])


def _create_waiting() -> None:
    op.create_table(
        "import_waiting",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("township", sa.String(12), server_default=EMPTY, nullable=False),
        sa.Column("qualifier", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("reason", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("code", sa.String(16), server_default=EMPTY, nullable=False),
        sa.Column("source", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("draft", JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=STAMP, nullable=False),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place_name.id"], name=op.f("fk_import_waiting_place_id")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_import_waiting")),
    )
    op.create_index(
        op.f("ix_import_waiting_county_place_id_township"),
        "import_waiting",
        ["county", "place_id", "township"],
    )


def _extend_addresses() -> None:
    for column in ("place_id", "second_place_id"):
        op.add_column("address", sa.Column(column, sa.Integer(), nullable=True))
        op.create_foreign_key(
            op.f(f"fk_address_{column}"), "address", "place_name", [column], ["id"]
        )
        op.create_index(
            f"ix_address_{column}",
            "address",
            [column, "code"],
            postgresql_where=sa.text(f"{column} is not null"),
        )
    op.add_column(
        "address_name", sa.Column("source_id", sa.Text(), server_default=EMPTY, nullable=False)
    )
    op.add_column(
        "address_name",
        sa.Column("variant", sa.String(12), sa.Computed(VARIANT, persisted=True), nullable=False),
    )
    op.execute("alter table address_name drop constraint pk_address_name")
    op.execute('alter table address_name alter column key type text collate "C"')
    op.create_primary_key(
        op.f("pk_address_name"), "address_name", ["key", "code", "kind", "variant"]
    )
