"""The worker: processes runs until stopped, and survives restarts of the database."""

import asyncio
import signal
from contextlib import suppress
from datetime import date, timedelta

from procrastinate.exceptions import ConnectorException

from service.alarms.daily import judge_yesterday
from service.changes.commands import keep_feed
from service.core.clock import now_utc, today
from service.core.database import DATABASE_ERRORS, Database
from service.core.errors import DatabaseUnreachable
from service.core.files import open_files
from service.core.idempotency import forget_keys
from service.core.output import say
from service.core.settings import Settings
from service.core.threads import run_in_thread
from service.core.timer import repeat
from service.datasets.commands import destroy_rows
from service.figures.commands import publish_month
from service.reports.commands import clear_reports, raise_overdue
from service.reports.photos import remove_forgotten_photos
from service.run_kinds import register_run_kinds
from service.runs import worker_loop
from service.runs.commands import QUEUE, forget_files
from service.runs.commands.chunks import worker_name
from service.runs.worker_loop import make_queue
from service.scans.commands import drop_scan_months, open_scan_months, sum_scans
from service.scans.queries.counts import list_old_days
from service.statistics.commands import merge_counts
from service.tiles.commands import merge_cells
from service.webhooks.commands import forget_deliveries
from service.webhooks.tasks import SEND_EVERY_S, WebhookSender
from service.work_subscribers import register_work_subscribers

HOUR_S = 3600.0
PAUSE_S = 2.0
"""The pause between attempts after the database was lost, in seconds."""


def run_worker(database: Database, settings: Settings, sender: WebhookSender) -> None:
    """Work until SIGTERM or SIGINT; the current chunk is finished first.

    ``settings`` say how long the change feed and the files of runs are kept. ``sender`` sends
    webhooks meanwhile.
    """
    register_run_kinds()
    register_work_subscribers()
    asyncio.run(_work(database, settings, sender))


async def _work(database: Database, settings: Settings, sender: WebhookSender) -> None:
    async def keep() -> None:
        await run_in_thread(_keep_tables, database, settings)

    told_to_stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told_to_stop.set)
    beside = {
        asyncio.create_task(repeat(keep, every=HOUR_S)),
        asyncio.create_task(repeat(sender.turn, every=SEND_EVERY_S)),
    }
    while not told_to_stop.is_set():
        try:
            await asyncio.to_thread(worker_loop.requeue_unfinished, database)
            await _work_until(told_to_stop, database)
        except (DatabaseUnreachable, ConnectorException, *DATABASE_ERRORS) as error:
            say(f"worker: {error}; trying again")
        with suppress(TimeoutError):
            await asyncio.wait_for(told_to_stop.wait(), PAUSE_S)
    for one in beside:
        one.cancel()
    await asyncio.wait(beside)
    await sender.close()


def _keep_tables(database: Database, settings: Settings) -> None:
    """Hourly: months of the feed are opened and dropped, parts of counts merged; old messages of
    webhooks, keys, files of runs, and rows of datasets whose time is over destroyed; old scans
    summed; after midnight the scans of the day before are judged; late reports rise a level.
    """
    with database.session() as session:
        opened, dropped = keep_feed(session, settings.feed_kept_days)
    with database.session() as session:
        merge_counts(session)
    with database.session() as session:
        merge_cells(session)
    with database.session() as session:
        forget_deliveries(session, now_utc(), settings.feed_kept_days)
    with database.session() as session:
        forget_keys(session)
    with database.session() as session:
        raise_overdue(session, now_utc() - timedelta(days=settings.report_rise_days))
    with database.session() as session:
        forget_files(session, open_files(settings), settings.run_files_kept_days)
    _keep_reports(database, settings)
    if opened or dropped:
        say(f"change feed: {opened} months opened, {dropped} dropped")
    while True:
        with database.session() as session:
            done = destroy_rows(session, today())
        if done is None:
            break
        say(f"datasets: {done.count} rows of dataset {done.dataset} destroyed, their time was over")
    raised = judge_yesterday(database, now_utc(), settings)
    if raised:
        say(f"alarms: {len(raised)} raised from the scans of yesterday")
    _keep_scans(database, today() - timedelta(days=settings.scan_counts_kept_days))
    while True:
        with database.session() as session:
            month = publish_month(session, now_utc())
        if month is None:
            break
        say(f"figures: those of {month:%Y-%m} are published")


def _keep_scans(database: Database, before: date) -> None:
    """Sum the days of scans before a day, each in a transaction of its own, and drop their months.

    ``before`` is the first local day whose hours are kept.
    """
    with database.session() as session:
        opened = open_scan_months(session)
    with database.reading() as session:
        days = list_old_days(session, before)
    for day in days:
        with database.session() as session:
            sum_scans(session, day)
    with database.session() as session:
        dropped = drop_scan_months(session, before)
    if opened or dropped:
        say(f"scans: {opened} months opened, {dropped} dropped")


def _keep_reports(database: Database, settings: Settings) -> None:
    """Text and photos of reports whose time is over are deleted, and photos that nobody sent."""
    files = open_files(settings)
    before = now_utc() - timedelta(days=settings.report_kept_days)
    cleared = 1
    while cleared:
        with database.session() as session:
            cleared = clear_reports(session, files, before)
        if cleared:
            say(f"reports: text and photos of {cleared} deleted, their time was over")
    with database.reading() as session:
        remove_forgotten_photos(session, files)


async def _work_until(told_to_stop: asyncio.Event, database: Database) -> None:
    """Serve the queue until stopped or the database is lost."""
    app = make_queue(database.url.replace("postgresql+psycopg://", "postgresql://", 1))
    async with app.open_async():
        working = asyncio.create_task(
            app.run_worker_async(
                queues=[QUEUE],
                name=worker_name(),
                delete_jobs="always",
                shutdown_graceful_timeout=0,
                install_signal_handlers=False,
                additional_context={"database": database},
            )
        )
        stopping = asyncio.create_task(told_to_stop.wait())
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working
