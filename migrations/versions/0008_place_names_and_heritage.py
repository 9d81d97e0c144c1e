"""Place names with their forms, the heritage catalogue, and links from addresses."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "address_place_name",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("place_name_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "linked_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("code", "place_name_id", name=op.f("pk_address_place_name")),
    )
    op.create_index(
        op.f("ix_address_place_name_place_name_id_code"),
        "address_place_name",
        ["place_name_id", "code"],
        unique=False,
    )
    op.create_table(
        "heritage_scheme",
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), server_default="", nullable=False),
        sa.Column("criteria", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("evidence", sa.Text(), server_default="", nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("confidence", sa.Text(), server_default="", nullable=False),
        sa.Column("gaps", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("code", "version", name=op.f("pk_heritage_scheme")),
    )
    op.create_table(
        "source",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.String(length=24), server_default="", nullable=False),
        sa.Column("tier", sa.SmallInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
    )
    op.create_index("uq_source_cited", "source", ["title", "url", "kind", "tier"], unique=True)
    op.create_table(
        "place_name",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("place_code", sa.String(length=20), server_default="", nullable=False),
        sa.Column("standard_name", sa.Text(), nullable=False),
        sa.Column("specific", sa.Text(), nullable=False),
        sa.Column("generic", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("kind_code", sa.String(length=5), server_default="", nullable=False),
        sa.Column("kind_source", sa.Text(), server_default="", nullable=False),
        sa.Column("pinyin", sa.Text(), server_default="", nullable=False),
        sa.Column("pinyin_plain", sa.Text(), server_default="", nullable=False),
        sa.Column("pinyin_source", sa.Text(), server_default="", nullable=False),
        sa.Column("needs_review", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("meaning", sa.Text(), server_default="", nullable=False),
        sa.Column("origin", sa.Text(), server_default="", nullable=False),
        sa.Column("history", sa.Text(), server_default="", nullable=False),
        sa.Column("division_id", sa.Integer(), nullable=False),
        sa.Column("is_division", sa.Boolean(), server_default="false", nullable=False),
        sa.Column(
            "geom",
            Geometry(
                srid=4490,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column("precision", sa.String(length=24), server_default="none", nullable=False),
        sa.Column("precision_source", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.String(length=12), server_default="current", nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "status in ('current', 'historical')", name=op.f("ck_place_name_status")
        ),
        sa.ForeignKeyConstraint(
            ["division_id"], ["division.id"], name=op.f("fk_place_name_division_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_name")),
        sa.UniqueConstraint("number", name=op.f("uq_place_name_number")),
    )
    op.create_index(op.f("ix_place_name_division_id"), "place_name", ["division_id"], unique=False)
    op.create_index(
        "ix_place_name_geom", "place_name", ["geom"], unique=False, postgresql_using="gist"
    )
    op.create_index(
        op.f("ix_place_name_pinyin_plain"),
        "place_name",
        ["pinyin_plain"],
        unique=False,
        postgresql_ops={"pinyin_plain": "text_pattern_ops"},
    )
    op.create_index(
        op.f("ix_place_name_standard_name"),
        "place_name",
        ["standard_name"],
        unique=False,
        postgresql_ops={"standard_name": "text_pattern_ops"},
    )
    op.create_table(
        "heritage_entry",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("place_name_id", sa.Integer(), nullable=False),
        sa.Column("heritage_class", sa.String(length=32), nullable=False),
        sa.Column("class_name", sa.Text(), server_default="", nullable=False),
        sa.Column("story_zh", sa.Text(), server_default="", nullable=False),
        sa.Column("story_en", sa.Text(), server_default="", nullable=False),
        sa.Column("summary", sa.Text(), server_default="", nullable=False),
        sa.Column("dispute", sa.Text(), server_default="", nullable=False),
        sa.Column("settlement_since", sa.SmallInteger(), nullable=True),
        sa.Column("settlement_precision", sa.String(length=12), server_default="", nullable=False),
        sa.Column("name_since", sa.SmallInteger(), nullable=True),
        sa.Column("name_precision", sa.String(length=12), server_default="", nullable=False),
        sa.Column("dynasty", sa.String(length=12), server_default="", nullable=False),
        sa.Column("links", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("confidence", sa.String(length=16), server_default="", nullable=False),
        sa.Column("tier", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("review_state", sa.String(length=12), server_default="imported", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "review_state in ('imported', 'doubtful', 'reviewed')",
            name=op.f("ck_heritage_entry_review"),
        ),
        sa.ForeignKeyConstraint(
            ["place_name_id"], ["place_name.id"], name=op.f("fk_heritage_entry_place_name_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heritage_entry")),
        sa.UniqueConstraint("place_name_id", name=op.f("uq_heritage_entry_place_name_id")),
    )
    op.create_index(
        op.f("ix_heritage_entry_heritage_class"), "heritage_entry", ["heritage_class"], unique=False
    )
    op.create_table(
        "place_name_form",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("place_name_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("pinyin_plain", sa.Text(), server_default="", nullable=False),
        sa.Column("year_from", sa.SmallInteger(), nullable=True),
        sa.Column("year_to", sa.SmallInteger(), nullable=True),
        sa.Column("calendar_text", sa.Text(), server_default="", nullable=False),
        sa.Column("citation", sa.Text(), server_default="", nullable=False),
        sa.Column("reference", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "kind in ('former', 'alias', 'variant', 'dialect')",
            name=op.f("ck_place_name_form_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["place_name_id"],
            ["place_name.id"],
            name=op.f("fk_place_name_form_place_name_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_name_form")),
    )
    op.create_index(
        op.f("ix_place_name_form_pinyin_plain"),
        "place_name_form",
        ["pinyin_plain"],
        unique=False,
        postgresql_ops={"pinyin_plain": "text_pattern_ops"},
    )
    op.create_index(
        op.f("ix_place_name_form_place_name_id"), "place_name_form", ["place_name_id"], unique=False
    )
    op.create_index(
        op.f("ix_place_name_form_text"),
        "place_name_form",
        ["text"],
        unique=False,
        postgresql_ops={"text": "text_pattern_ops"},
    )
    op.create_table(
        "attestation",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("entry_id", sa.String(length=24), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=True),
        sa.Column("precision", sa.String(length=12), server_default="", nullable=False),
        sa.Column("calendar_text", sa.Text(), server_default="", nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=24), server_default="", nullable=False),
        sa.Column("grade", sa.String(length=1), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["heritage_entry.id"], name=op.f("fk_attestation_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_attestation_source_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attestation")),
    )
    op.create_index(op.f("ix_attestation_entry_id"), "attestation", ["entry_id"], unique=False)
    op.create_table(
        "heritage_entry_source",
        sa.Column("entry_id", sa.String(length=24), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["heritage_entry.id"], name=op.f("fk_heritage_entry_source_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_heritage_entry_source_source_id")
        ),
        sa.PrimaryKeyConstraint("entry_id", "source_id", name=op.f("pk_heritage_entry_source")),
    )
    op.create_table(
        "heritage_relation",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("entry_id", sa.String(length=24), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("to_entry_id", sa.String(length=24), nullable=True),
        sa.Column("to_name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["heritage_entry.id"], name=op.f("fk_heritage_relation_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_entry_id"], ["heritage_entry.id"], name=op.f("fk_heritage_relation_to_entry_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heritage_relation")),
    )
    op.create_index(
        op.f("ix_heritage_relation_entry_id"), "heritage_relation", ["entry_id"], unique=False
    )
    op.create_index(
        op.f("ix_heritage_relation_to_entry_id"), "heritage_relation", ["to_entry_id"], unique=False
    )
    op.create_table(
        "media",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("entry_id", sa.String(length=24), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("alt", sa.Text(), nullable=False),
        sa.Column("credit", sa.Text(), server_default="", nullable=False),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.CheckConstraint("kind in ('image', 'audio')", name=op.f("ck_media_kind")),
        sa.CheckConstraint("licence <> '' and alt <> ''", name=op.f("ck_media_licensed")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["heritage_entry.id"], name=op.f("fk_media_entry_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
    )
    op.create_index(op.f("ix_media_entry_id"), "media", ["entry_id"], unique=False)
    op.create_table(
        "origin_account",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("entry_id", sa.String(length=24), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), server_default="zh", nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind in ('documented', 'genealogy', 'legend', 'scholarly', 'unsorted')",
            name=op.f("ck_origin_account_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["heritage_entry.id"], name=op.f("fk_origin_account_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_origin_account_source_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_origin_account")),
    )
    op.create_index(
        op.f("ix_origin_account_entry_id"), "origin_account", ["entry_id"], unique=False
    )
    op.create_table(
        "recognition",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("entry_id", sa.String(length=24), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("scheme_code", sa.String(length=24), nullable=False),
        sa.Column("list_name", sa.Text(), nullable=False),
        sa.Column("level", sa.String(length=24), server_default="", nullable=False),
        sa.Column("batch", sa.Text(), server_default="", nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=True),
        sa.Column("published", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("document", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["heritage_entry.id"], name=op.f("fk_recognition_entry_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recognition")),
    )
    op.create_index(op.f("ix_recognition_entry_id"), "recognition", ["entry_id"], unique=False)
    op.create_index(
        op.f("ix_recognition_scheme_code"), "recognition", ["scheme_code"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_recognition_scheme_code"), table_name="recognition")
    op.drop_index(op.f("ix_recognition_entry_id"), table_name="recognition")
    op.drop_table("recognition")
    op.drop_index(op.f("ix_origin_account_entry_id"), table_name="origin_account")
    op.drop_table("origin_account")
    op.drop_index(op.f("ix_media_entry_id"), table_name="media")
    op.drop_table("media")
    op.drop_index(op.f("ix_heritage_relation_to_entry_id"), table_name="heritage_relation")
    op.drop_index(op.f("ix_heritage_relation_entry_id"), table_name="heritage_relation")
    op.drop_table("heritage_relation")
    op.drop_table("heritage_entry_source")
    op.drop_index(op.f("ix_attestation_entry_id"), table_name="attestation")
    op.drop_table("attestation")
    op.drop_index(
        op.f("ix_place_name_form_text"),
        table_name="place_name_form",
        postgresql_ops={"text": "text_pattern_ops"},
    )
    op.drop_index(op.f("ix_place_name_form_place_name_id"), table_name="place_name_form")
    op.drop_index(
        op.f("ix_place_name_form_pinyin_plain"),
        table_name="place_name_form",
        postgresql_ops={"pinyin_plain": "text_pattern_ops"},
    )
    op.drop_table("place_name_form")
    op.drop_index(op.f("ix_heritage_entry_heritage_class"), table_name="heritage_entry")
    op.drop_table("heritage_entry")
    op.drop_index(
        op.f("ix_place_name_standard_name"),
        table_name="place_name",
        postgresql_ops={"standard_name": "text_pattern_ops"},
    )
    op.drop_index(
        op.f("ix_place_name_pinyin_plain"),
        table_name="place_name",
        postgresql_ops={"pinyin_plain": "text_pattern_ops"},
    )
    op.drop_index("ix_place_name_geom", table_name="place_name", postgresql_using="gist")
    op.drop_index(op.f("ix_place_name_division_id"), table_name="place_name")
    op.drop_table("place_name")
    op.drop_index("uq_source_cited", table_name="source")
    op.drop_table("source")
    op.drop_table("heritage_scheme")
    op.drop_index(op.f("ix_address_place_name_place_name_id_code"), table_name="address_place_name")
    op.drop_table("address_place_name")
