"""Attestations, accounts and general sources become claims, each with its own citations.

How the sources of before were seen is not known, so they count as not seen.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0072"
down_revision: str | None = "0071"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_EMPTY = sa.text("''")
_SAME = (
    "(select id, min(id) over (partition by title, url, kind) as kept from source) s "
    "where s.id <> s.kept and "
)


def upgrade() -> None:
    _sources()
    _tables()
    for statement in _MOVES:
        op.execute(statement)
    for table in ("attestation", "origin_account", "heritage_entry_source"):
        op.drop_table(table)
    op.drop_column("heritage_entry", "tier")


def _sources() -> None:
    """Sources lose their tier; those that differed in nothing else become one."""
    op.drop_index("uq_source_cited", table_name="source")
    op.add_column("source", sa.Column("author", sa.Text(), server_default="", nullable=False))
    op.add_column("source", sa.Column("published", sa.Text(), server_default="", nullable=False))
    for statement in _ONE_SOURCE:
        op.execute(statement)
    op.drop_column("source", "tier")
    cited = ["title", "author", "published", "url", "kind"]
    op.create_index("uq_source_cited", "source", cited, unique=True)


def _tables() -> None:
    op.create_table(
        "heritage_claim",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("entry_id", sa.String(length=24), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Text(), server_default=_EMPTY, nullable=False),
        sa.Column("kind", sa.String(length=12), server_default=_EMPTY, nullable=False),
        sa.Column("language", sa.String(length=8), server_default="zh", nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=True),
        sa.Column("precision", sa.String(length=12), server_default=_EMPTY, nullable=False),
        sa.Column("not_after", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("calendar_text", sa.Text(), server_default=_EMPTY, nullable=False),
        sa.Column("note", sa.Text(), server_default=_EMPTY, nullable=False),
        sa.CheckConstraint(
            "kind in ('', 'documented', 'genealogy', 'legend', 'scholarly', 'unsorted')",
            name=op.f("ck_heritage_claim_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["heritage_entry.id"], name=op.f("fk_heritage_claim_entry_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heritage_claim")),
    )
    op.create_index(op.f("ix_heritage_claim_entry_id"), "heritage_claim", ["entry_id"])
    op.create_table(
        "claim_citation",
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("locator", sa.Text(), server_default=_EMPTY, nullable=False),
        sa.Column("seen_as", sa.String(length=20), server_default="not_seen", nullable=False),
        sa.Column("says", sa.Text(), server_default=_EMPTY, nullable=False),
        sa.Column("read_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), server_default=_EMPTY, nullable=False),
        sa.CheckConstraint(
            "seen_as in ('transcription_read', 'page_read', 'quoted_in_gazetteer', "
            "'quoted_in_press', 'quoted_in_mirror', 'not_seen')",
            name=op.f("ck_claim_citation_seen_as"),
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["heritage_claim.id"], name=op.f("fk_claim_citation_claim_id")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_claim_citation_source_id")
        ),
        sa.PrimaryKeyConstraint("claim_id", "position", name=op.f("pk_claim_citation")),
    )
    op.create_index(op.f("ix_claim_citation_source_id"), "claim_citation", ["source_id"])


def downgrade() -> None:
    """Back to attestations and accounts; each keeps its first source, the rest is the entry's."""
    for table in ("heritage_entry", "source"):
        tier = sa.Column("tier", sa.SmallInteger(), server_default="0", nullable=False)
        op.add_column(table, tier)
    for statement in _TABLES_BEFORE + _MOVES_BACK:
        op.execute(statement)
    op.drop_table("claim_citation")
    op.drop_table("heritage_claim")
    op.drop_index("uq_source_cited", table_name="source")
    op.drop_column("source", "author")
    op.drop_column("source", "published")
    op.create_index("uq_source_cited", "source", ["title", "url", "kind", "tier"], unique=True)


_TABLES_BEFORE = (
    "create table attestation (id serial, entry_id varchar(24) not null, "
    "position smallint not null, subject varchar(20) not null, year smallint, "
    "precision varchar(12) default '' not null, calendar_text text default '' not null, "
    "source_id integer, kind varchar(24) default '' not null, "
    "grade varchar(1) default '' not null, note text default '' not null, "
    "constraint pk_attestation primary key (id), "
    "constraint fk_attestation_entry_id foreign key (entry_id) references heritage_entry (id), "
    "constraint fk_attestation_source_id foreign key (source_id) references source (id))",
    "create index ix_attestation_entry_id on attestation (entry_id)",
    "create table origin_account (id serial, entry_id varchar(24) not null, "
    "position smallint not null, kind varchar(12) not null, text text not null, "
    "language varchar(8) default 'zh' not null, source_id integer, "
    "constraint ck_origin_account_kind "
    "check (kind in ('documented', 'genealogy', 'legend', 'scholarly', 'unsorted')), "
    "constraint pk_origin_account primary key (id), "
    "constraint fk_origin_account_entry_id foreign key (entry_id) "
    "references heritage_entry (id), "
    "constraint fk_origin_account_source_id foreign key (source_id) references source (id))",
    "create index ix_origin_account_entry_id on origin_account (entry_id)",
    "create table heritage_entry_source (entry_id varchar(24) not null, "
    "source_id integer not null, position smallint not null, "
    "constraint pk_heritage_entry_source primary key (entry_id, source_id), "
    "constraint fk_heritage_entry_source_entry_id foreign key (entry_id) "
    "references heritage_entry (id), "
    "constraint fk_heritage_entry_source_source_id foreign key (source_id) "
    "references source (id))",
)
_MOVES_BACK = (
    # the same title, page and kind in several editions was one source
    "update claim_citation h set source_id = s.kept from " + _SAME + " h.source_id = s.id",
    "delete from source h using " + _SAME + " h.id = s.id",
    "insert into attestation (entry_id, position, subject, year, precision, calendar_text, "
    "source_id, note) select entry_id, position, subject, year, precision, calendar_text, "
    "(select source_id from claim_citation where claim_id = c.id and says = '' "
    "order by position limit 1), note from heritage_claim c where subject in ('name', "
    "'predecessor_name', 'settlement', 'structure', 'seat', 'unspecified') "
    "and (year is not null or calendar_text <> '')",
    "insert into origin_account (entry_id, position, kind, text, language, source_id) "
    "select entry_id, position, kind, value, language, (select source_id from claim_citation "
    "where claim_id = c.id and says = '' order by position limit 1) "
    "from heritage_claim c where subject = 'origin'",
    "insert into heritage_entry_source (entry_id, source_id, position) "
    "select entry_id, source_id, row_number() over (partition by entry_id order by at) - 1 "
    "from (select c.entry_id, t.source_id, min(c.position * 100 + t.position) as at "
    "from claim_citation t join heritage_claim c on c.id = t.claim_id group by 1, 2) s",
)


_ONE_SOURCE = (
    # of two links to what becomes one source, the first stays
    "delete from heritage_entry_source h using (select h.entry_id, h.source_id, row_number() over "
    "(partition by h.entry_id, s.title, s.url, s.kind order by h.position) as n "
    "from heritage_entry_source h join source s on s.id = h.source_id) d "
    "where d.n > 1 and d.entry_id = h.entry_id and d.source_id = h.source_id",
    f"update heritage_entry_source h set source_id = s.kept from {_SAME} h.source_id = s.id",
    f"update attestation h set source_id = s.kept from {_SAME} h.source_id = s.id",
    f"update origin_account h set source_id = s.kept from {_SAME} h.source_id = s.id",
    f"delete from source h using {_SAME} h.id = s.id",
)
_MOVES = (
    "insert into heritage_claim "
    "(entry_id, position, subject, value, year, precision, calendar_text, note) "
    "select entry_id, position, subject, calendar_text, year, precision, calendar_text, note "
    "from attestation order by entry_id, position",
    "insert into claim_citation (claim_id, position, source_id) "
    "select c.id, 0, a.source_id from attestation a join heritage_claim c "
    "using (entry_id, position) where a.source_id is not null",
    # accounts stand behind the attestations
    "insert into heritage_claim (entry_id, position, subject, value, kind, language) "
    "select o.entry_id, 1000 + o.position, 'origin', o.text, o.kind, o.language "
    "from origin_account o order by o.entry_id, o.position",
    "insert into claim_citation (claim_id, position, source_id) "
    "select c.id, 0, o.source_id from origin_account o join heritage_claim c "
    "on c.entry_id = o.entry_id and c.position = 1000 + o.position "
    "where o.source_id is not null",
    # the sources of an entry as a whole: of its first account, else of a claim of their own
    "insert into heritage_claim (entry_id, position, subject) "
    "select distinct h.entry_id, 2000, 'unspecified' from heritage_entry_source h "
    "where not exists (select from heritage_claim c left join claim_citation t "
    "on t.claim_id = c.id where c.entry_id = h.entry_id and c.position = 1000 "
    "and t.claim_id is null)",
    "insert into claim_citation (claim_id, position, source_id) "
    "select c.id, h.position, h.source_id from heritage_entry_source h "
    "join heritage_claim c on c.entry_id = h.entry_id and c.position in (1000, 2000) "
    "where not exists (select from claim_citation t where t.claim_id = c.id)",
    "update heritage_claim c set position = n.place from (select id, row_number() over "
    "(partition by entry_id order by position) - 1 as place from heritage_claim) n "
    "where n.id = c.id",
)
