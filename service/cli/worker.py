"""menpai worker: do the work of runs."""

from typing import Annotated

import typer

from service.cli.options import open_database
from service.cluster.watch import watched_cluster
from service.core.child_process import end_with_parent
from service.core.output import say
from service.core.settings import get_settings
from service.worker import run_worker

COMMAND = ("worker", "--companion")


def worker(
    *,
    companion: Annotated[bool, typer.Option("--companion", hidden=True)] = False,
) -> None:
    """Do the work of runs (plate batches and other bulk work) until interrupted.

    Start as many as there is work for, on any number of machines. A killed worker loses nothing:
    the next one does its chunk again.
    """
    if companion:
        end_with_parent()
    else:
        say("working (stop with Ctrl+C)")
    database, settings = open_database(), get_settings()
    with watched_cluster(settings):
        run_worker(database, settings.feed_kept_days)
