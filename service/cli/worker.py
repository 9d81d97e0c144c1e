"""menpai worker: do the work of runs."""

import ssl
from typing import Annotated

import typer

from service.cli.options import open_database
from service.cluster.watch import watched_cluster
from service.core.child_process import end_with_parent
from service.core.output import say
from service.core.settings import get_settings
from service.webhooks.hook_secret import find_hook_keys
from service.webhooks.targets import Reach
from service.webhooks.tasks import WebhookSender
from service.webhooks.transport import Transport
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
    reach = Reach.of(settings.webhook_networks)
    transport = Transport(reach, ssl.create_default_context())
    sender = WebhookSender(database, find_hook_keys(settings), transport)
    with watched_cluster(settings):
        run_worker(database, settings, sender)
