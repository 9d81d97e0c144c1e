"""The audit chain is read by who did something and by what it was done to."""

from collections.abc import Sequence

from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index(op.f("ix_audit_entry_actor_position"), "audit_entry", ["actor", "position"])
    op.create_index(op.f("ix_audit_entry_subject_position"), "audit_entry", ["subject", "position"])


def downgrade() -> None:
    op.drop_index(op.f("ix_audit_entry_subject_position"), "audit_entry")
    op.drop_index(op.f("ix_audit_entry_actor_position"), "audit_entry")
