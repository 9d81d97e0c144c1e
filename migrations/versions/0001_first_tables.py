"""First tables."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_audit_entry")),
    )
    op.create_table(
        "change",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("division", sa.String(length=12), server_default="", nullable=False),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_change")),
    )
    op.create_index(
        op.f("ix_change_division_position"), "change", ["division", "position"], unique=False
    )
    op.create_index(op.f("ix_change_subject_key"), "change", ["subject", "key"], unique=False)
    op.create_table(
        "client",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
        sa.UniqueConstraint("name", name=op.f("uq_client_name")),
    )
    op.create_table(
        "code_space",
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("counter", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint("counter between 0 and 100000000", name=op.f("ck_code_space_counter")),
        sa.PrimaryKeyConstraint("county", name=op.f("pk_code_space")),
    )
    op.create_geospatial_table(
        "division",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("code_system", sa.String(length=16), nullable=False),
        sa.Column("edition", sa.String(length=16), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("pinyin", sa.Text(), server_default="", nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("urban_rural", sa.String(length=3), server_default="", nullable=False),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=4490,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["division.id"], name=op.f("fk_division_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_division")),
        sa.UniqueConstraint(
            "code_system", "edition", "code", name=op.f("uq_division_code_system_edition_code")
        ),
    )
    op.create_index(op.f("ix_division_code"), "division", ["code"], unique=False)
    op.create_geospatial_index(
        "ix_division_geom",
        "division",
        ["geom"],
        unique=False,
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_index(
        op.f("ix_division_name"),
        "division",
        ["name"],
        unique=False,
        postgresql_ops={"name": "text_pattern_ops"},
    )
    op.create_index(op.f("ix_division_parent_id"), "division", ["parent_id"], unique=False)
    op.create_table(
        "division_change",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("old_code", sa.String(length=12), server_default="", nullable=False),
        sa.Column("old_name", sa.Text(), server_default="", nullable=False),
        sa.Column("new_code", sa.String(length=12), server_default="", nullable=False),
        sa.Column("new_name", sa.Text(), server_default="", nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_division_change")),
    )
    op.create_index(
        op.f("ix_division_change_new_code"), "division_change", ["new_code"], unique=False
    )
    op.create_index(
        op.f("ix_division_change_old_code"), "division_change", ["old_code"], unique=False
    )
    op.create_table(
        "feed_counter",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("last", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("last_hash", sa.LargeBinary(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_feed_counter")),
    )
    op.create_table(
        "plate_batch",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("design", sa.String(length=32), nullable=False),
        sa.Column("payload_prefix", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plate_batch")),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), server_default="queued", nullable=False),
        sa.Column("actor", sa.Text(), server_default="", nullable=False),
        sa.Column("parameters", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    op.create_geospatial_table(
        "address",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division_id", sa.Integer(), nullable=False),
        sa.Column("standard_text", sa.Text(), nullable=False),
        sa.Column("elements", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("street", sa.Text(), server_default="", nullable=False),
        sa.Column("number_order", sa.Integer(), nullable=True),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("parent_code", sa.String(length=16), nullable=True),
        sa.Column("status", sa.String(length=16), server_default="active", nullable=False),
        sa.Column("successor_code", sa.String(length=16), nullable=True),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="POINT",
                srid=4490,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column("point_note", sa.Text(), server_default="", nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("is_sample", sa.Boolean(), server_default="false", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["division_id"], ["division.id"], name=op.f("fk_address_division_id")
        ),
        sa.ForeignKeyConstraint(
            ["parent_code"], ["address.code"], name=op.f("fk_address_parent_code")
        ),
        sa.ForeignKeyConstraint(
            ["successor_code"], ["address.code"], name=op.f("fk_address_successor_code")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_address")),
    )
    op.create_index(op.f("ix_address_county_code"), "address", ["county", "code"], unique=False)
    op.create_index(
        op.f("ix_address_county_street_number_order"),
        "address",
        ["county", "street", "number_order"],
        unique=False,
    )
    op.create_index(
        op.f("ix_address_division_id_code"), "address", ["division_id", "code"], unique=False
    )
    op.create_geospatial_index(
        "ix_address_geom",
        "address",
        ["geom"],
        unique=False,
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_index(
        "ix_address_parent_code",
        "address",
        ["parent_code"],
        unique=False,
        postgresql_where="parent_code is not null",
    )
    op.create_geospatial_table(
        "area",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("division_id", sa.Integer(), nullable=True),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=4490,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("is_sample", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("valid_from", sa.Date(), server_default=sa.text("CURRENT_DATE"), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_area_division_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["area.id"], name=op.f("fk_area_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area")),
        sa.UniqueConstraint(
            "kind", "code", "valid_from", name=op.f("uq_area_kind_code_valid_from")
        ),
    )
    op.create_index(op.f("ix_area_division_id"), "area", ["division_id"], unique=False)
    op.create_geospatial_index(
        "ix_area_geom", "area", ["geom"], unique=False, postgresql_using="gist", postgresql_ops={}
    )
    op.create_index(op.f("ix_area_parent_id"), "area", ["parent_id"], unique=False)
    op.create_table(
        "client_key",
        sa.Column("prefix", sa.String(length=16), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_client_key_client_id")),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_client_key")),
    )
    op.create_index(op.f("ix_client_key_client_id"), "client_key", ["client_id"], unique=False)
    op.create_table(
        "row_error",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("mend", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_row_error_run_id")),
        sa.PrimaryKeyConstraint("run_id", "row", "field", name=op.f("pk_row_error")),
    )
    op.create_table(
        "run_chunk",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), server_default="queued", nullable=False),
        sa.Column("parameters", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_chunk_run_id")),
        sa.PrimaryKeyConstraint("run_id", "number", name=op.f("pk_run_chunk")),
    )
    op.create_table(
        "address_identifier",
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("valid_from", sa.Date(), server_default=sa.text("CURRENT_DATE"), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["code"], ["address.code"], name=op.f("fk_address_identifier_code")
        ),
        sa.PrimaryKeyConstraint("scheme", "value", name=op.f("pk_address_identifier")),
    )
    op.create_index(
        op.f("ix_address_identifier_code"), "address_identifier", ["code"], unique=False
    )
    op.create_table(
        "address_name",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("valid_from", sa.Date(), server_default=sa.text("CURRENT_DATE"), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["code"], ["address.code"], name=op.f("fk_address_name_code")),
        sa.PrimaryKeyConstraint("key", "code", "kind", name=op.f("pk_address_name")),
    )
    op.create_index(op.f("ix_address_name_code"), "address_name", ["code"], unique=False)
    op.create_index(
        "uq_address_name_current_standard",
        "address_name",
        ["key"],
        unique=True,
        postgresql_where="kind = 'standard' and valid_to is null",
    )
    op.create_table(
        "duty",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), server_default="", nullable=False),
        sa.Column("phone", sa.Text(), server_default="", nullable=False),
        sa.Column("publish", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("is_sample", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("valid_from", sa.Date(), server_default=sa.text("CURRENT_DATE"), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("confirmed_at", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_duty_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
    )
    op.create_index(op.f("ix_duty_area_id"), "duty", ["area_id"], unique=False)
    op.create_table(
        "plate",
        sa.Column("token", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("generation", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), server_default="to_make", nullable=False),
        sa.Column("replaced_by", sa.String(length=10), nullable=True),
        sa.Column("status_reason", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["plate_batch.id"], name=op.f("fk_plate_batch_id")),
        sa.ForeignKeyConstraint(["code"], ["address.code"], name=op.f("fk_plate_code")),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_plate")),
    )
    op.create_index(op.f("ix_plate_batch_id_token"), "plate", ["batch_id", "token"], unique=False)
    op.create_index(op.f("ix_plate_code"), "plate", ["code"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_plate_code"), table_name="plate")
    op.drop_index(op.f("ix_plate_batch_id_token"), table_name="plate")
    op.drop_table("plate")
    op.drop_index(op.f("ix_duty_area_id"), table_name="duty")
    op.drop_table("duty")
    op.drop_index(
        "uq_address_name_current_standard",
        table_name="address_name",
        postgresql_where="kind = 'standard' and valid_to is null",
    )
    op.drop_index(op.f("ix_address_name_code"), table_name="address_name")
    op.drop_table("address_name")
    op.drop_index(op.f("ix_address_identifier_code"), table_name="address_identifier")
    op.drop_table("address_identifier")
    op.drop_table("run_chunk")
    op.drop_table("row_error")
    op.drop_index(op.f("ix_client_key_client_id"), table_name="client_key")
    op.drop_table("client_key")
    op.drop_index(op.f("ix_area_parent_id"), table_name="area")
    op.drop_geospatial_index(
        "ix_area_geom", table_name="area", postgresql_using="gist", column_name="geom"
    )
    op.drop_index(op.f("ix_area_division_id"), table_name="area")
    op.drop_geospatial_table("area")
    op.drop_index(
        "ix_address_parent_code", table_name="address", postgresql_where="parent_code is not null"
    )
    op.drop_geospatial_index(
        "ix_address_geom", table_name="address", postgresql_using="gist", column_name="geom"
    )
    op.drop_index(op.f("ix_address_division_id_code"), table_name="address")
    op.drop_index(op.f("ix_address_county_street_number_order"), table_name="address")
    op.drop_index(op.f("ix_address_county_code"), table_name="address")
    op.drop_geospatial_table("address")
    op.drop_table("run")
    op.drop_table("plate_batch")
    op.drop_table("feed_counter")
    op.drop_index(op.f("ix_division_change_old_code"), table_name="division_change")
    op.drop_index(op.f("ix_division_change_new_code"), table_name="division_change")
    op.drop_table("division_change")
    op.drop_index(op.f("ix_division_parent_id"), table_name="division")
    op.drop_index(
        op.f("ix_division_name"), table_name="division", postgresql_ops={"name": "text_pattern_ops"}
    )
    op.drop_geospatial_index(
        "ix_division_geom", table_name="division", postgresql_using="gist", column_name="geom"
    )
    op.drop_index(op.f("ix_division_code"), table_name="division")
    op.drop_geospatial_table("division")
    op.drop_table("code_space")
    op.drop_table("client")
    op.drop_index(op.f("ix_change_subject_key"), table_name="change")
    op.drop_index(op.f("ix_change_division_position"), table_name="change")
    op.drop_table("change")
    op.drop_table("audit_entry")
