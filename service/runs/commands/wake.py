"""Wakes workers through the queue: one job a run, queued in the caller's own transaction.

The queue is no truth: a job that is lost costs ten seconds, a job too many costs nothing.
"""

from procrastinate import App, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from sqlalchemy.orm import Session

from service.core.bulk_copy import raw_connection

QUEUE = "runs"
STEP = "step"

_QUEUE_APP = App(connector=SyncPsycopgConnector())
"""Never opened: it only writes over connections it is handed."""


def wake(session: Session, run_id: int) -> None:
    """Queue a job for a run when this transaction commits; one that waits already is enough."""
    lock = f"run-{run_id}"
    session.flush()
    try:
        with session.begin_nested():
            connection = raw_connection(session)  # the savepoint is set by this
            job = _QUEUE_APP.configure_task(
                STEP, queue=QUEUE, queueing_lock=lock, connection=connection
            )
            job.defer(run_id=run_id)
    except AlreadyEnqueued:
        return
