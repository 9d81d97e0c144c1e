"""Phases, sizes and attempts of runs, and the tables of the job queue.

``0007_queue.sql`` is the schema of procrastinate 3.10 as its authors publish it (MIT licence), kept
here so that this step stays what it was when the library moves on.
"""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

QUEUE = Path(__file__).with_name("0007_queue.sql")
STAMP = sa.text("clock_timestamp()")


def upgrade() -> None:
    op.add_column("run", sa.Column("reason", sa.Text(), server_default="", nullable=False))
    op.add_column("run", sa.Column("started_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_run_unfinished", "run", ["id"], postgresql_where="state in ('queued', 'running')"
    )
    op.add_column(
        "run_chunk", sa.Column("phase", sa.SmallInteger(), server_default="1", nullable=False)
    )
    op.add_column("run_chunk", sa.Column("size", sa.Integer(), server_default="1", nullable=False))
    op.create_table(
        "run_attempt",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("chunk", sa.Integer(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=STAMP, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_attempt_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_attempt")),
    )
    op.create_index(op.f("ix_run_attempt_run_id_chunk"), "run_attempt", ["run_id", "chunk"])
    _execute(QUEUE.read_text(encoding="utf-8"))


def downgrade() -> None:
    _execute(
        """
        drop table procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs,
            procrastinate_workers cascade;
        do $$
        declare one regprocedure;
        begin
            for one in select p.oid::regprocedure from pg_proc p
                where p.proname like 'procrastinate\\_%' and p.pronamespace = 'public'::regnamespace
            loop execute 'drop function ' || one || ' cascade'; end loop;
        end $$;
        drop type procrastinate_job_to_defer_v1, procrastinate_job_status,
            procrastinate_job_event_type cascade;
        """
    )
    op.drop_table("run_attempt")
    op.drop_column("run_chunk", "size")
    op.drop_column("run_chunk", "phase")
    op.drop_index("ix_run_unfinished", table_name="run")
    op.drop_column("run", "started_at")
    op.drop_column("run", "reason")


def _execute(script: str) -> None:
    """Run a script of many statements, in which a percent sign is a percent sign."""
    driver = op.get_bind().connection.driver_connection
    assert driver is not None  # noqa: S101 - we migrate a live database
    driver.execute(script)
