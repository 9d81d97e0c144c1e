"""The jobs of the queue: a step of a run, and the timer that wakes runs nobody works on."""

import asyncio

from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.jobs import Status

from service.core.database import Database
from service.runs import worker_loop
from service.runs.commands.wake import QUEUE, STEP

TIMER_S = 10
STALLED_S = 30.0
"""A worker that was not heard of for so long is dead; its job is swept away."""


def make_queue(conninfo: str) -> App:
    """The queue with its jobs, over connections of its own; for a worker."""
    app = App(connector=PsycopgConnector(conninfo=conninfo, min_size=1, max_size=4))
    app.task(name=STEP, queue=QUEUE, pass_context=True)(step)
    timer = app.task(name="rouse", queue=QUEUE, queueing_lock="rouse", pass_context=True)(rouse)
    app.periodic(cron=f"* * * * * */{TIMER_S}")(timer)
    return app


def step(context: JobContext, run_id: int) -> None:
    """Work off chunks of a run until none is free."""
    worker_loop.run_chunks(_database(context), run_id, should_stop=context.should_abort)


async def rouse(context: JobContext, timestamp: int) -> None:
    """Queue every unfinished run, and sweep away the jobs of workers that died."""
    await asyncio.to_thread(worker_loop.requeue_unfinished, _database(context))
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=STALLED_S):
        if job.id is not None:
            await jobs.finish_job_by_id_async(job.id, Status.ABORTED, delete_job=True)


def _database(context: JobContext) -> Database:
    database = context.additional_context["database"]
    assert isinstance(database, Database)  # noqa: S101 - set by service.worker
    return database
