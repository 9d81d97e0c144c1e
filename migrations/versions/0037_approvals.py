"""Approval (审批) is a record of its own: what the columns of batches said moves there.

The account that sent a batch back stood in the audit chain alone, and is taken from it. What a
migrated request agreed to is the list as it stands: without what was left out before.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0037"
down_revision: str | None = "0036"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BATCH = "plate_batch"
DIGEST = (
    "encode(sha256(convert_to(jsonb_build_array(b.name, b.design, b.payload_prefix, b.is_trial, "
    "b.press, b.reprint_reason)::text || E'\\n' || coalesce((select string_agg("
    "concat_ws(' ', i.place, i.code, i.replaces), E'\\n' order by i.place) "
    "from plate_batch_item i where i.batch_id = b.id and i.left_out = ''), ''), 'UTF8')), 'hex')"
)
SIZE = (
    "b.plates - (select count(*) from plate_batch_item i "
    "where i.batch_id = b.id and i.left_out <> '')"
)
FILL = f"""
insert into approval (kind, subject, division, size, digest, author, author_id, asked_at,
    decision, decider_id, decided_at, reason)
select 'plate_batch', b.id::text, b.division, {SIZE}, {DIGEST}, 'staff:' || a.name, a.id,
    coalesce(b.submitted_at, b.approved_at, b.created_at), of.decision,
    case when of.decision = 'sent_back' then back.id else b.approver_id end,
    case of.decision when 'sent_back' then back.at
        when 'approved' then coalesce(b.approved_at, b.submitted_at, b.created_at) end,
    b.sent_back
from plate_batch b
join staff_account a on a.id = b.author_id
cross join lateral (select case
    when b.sent_back <> '' then 'sent_back'
    when b.status = 'awaiting_approval' then ''
    when b.status = 'cancelled' and b.approver_id is null then 'withdrawn'
    else 'approved' end as decision) of
left join lateral (select d.id, e.at from audit_entry e
    join staff_account d on e.actor = 'staff:' || d.name
    where e.action = 'batches:send_back' and e.subject = b.id::text
    order by e.position desc limit 1) back on of.decision = 'sent_back'
where (b.status <> 'draft' or b.sent_back <> '')
    and (b.status <> 'cancelled' or b.submitted_at is not null)
order by b.id
"""
PUT_BACK = """
update plate_batch b set submitted_at = a.asked_at,
    approver_id = case when a.decision = 'approved' then a.decider_id end,
    approved_at = case when a.decision = 'approved' and a.decider_id is not null
        then a.decided_at end,
    sent_back = case when a.decision = 'sent_back' then a.reason else '' end
from (select distinct on (subject) * from approval where kind = 'plate_batch'
    order by subject, id desc) a
where a.subject = b.id::text and b.author_id is not null
"""


def upgrade() -> None:
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("division", sa.String(length=12), server_default="", nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column(
            "asked_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("decision", sa.String(length=16), server_default="", nullable=False),
        sa.Column("decider_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.CheckConstraint("kind in ('plate_batch')", name=op.f("ck_approval_kind")),
        sa.CheckConstraint(
            "decision in ('', 'approved', 'sent_back', 'withdrawn')",
            name=op.f("ck_approval_decision"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["staff_account.id"], name=op.f("fk_approval_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["decider_id"], ["staff_account.id"], name=op.f("fk_approval_decider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    op.create_index("ix_approval_subject", "approval", ["kind", "subject", "id"])
    op.create_index(
        "uq_approval_open",
        "approval",
        ["kind", "subject"],
        unique=True,
        postgresql_where="decision = ''",
    )
    op.create_index(
        "ix_approval_alone",
        "approval",
        ["kind", "asked_at"],
        postgresql_where="decision = 'approved' and decider_id is null",
    )
    op.execute(
        "create trigger raise_version before update on approval "
        "for each row execute function raise_version()"
    )
    op.add_column("plate_batch_item", sa.Column("left_out_at", sa.DateTime(timezone=True)))
    op.execute(FILL)
    op.drop_constraint(op.f("fk_plate_batch_approver_id"), BATCH, type_="foreignkey")
    for column in ("submitted_at", "approver_id", "approved_at", "sent_back"):
        op.drop_column(BATCH, column)


def downgrade() -> None:
    for column in (
        sa.Column("sent_back", sa.Text(), server_default="", nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approver_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column(BATCH, column)
    op.create_foreign_key(
        op.f("fk_plate_batch_approver_id"), BATCH, "staff_account", ["approver_id"], ["id"]
    )
    op.execute(PUT_BACK)
    op.drop_column("plate_batch_item", "left_out_at")
    op.drop_table("approval")
