"""The kinds of runs, and the handler of each."""

from service.batches.commands import batches, delivery
from service.batches.tasks import BatchHandler, DeliveryHandler
from service.bulk_changes.queries import KIND as BULK_CHANGE
from service.bulk_changes.tasks import BulkChangeHandler
from service.core.settings import get_settings
from service.imports.commands import upload_runs
from service.imports.tasks import UploadHandler
from service.matching.commands import KIND as RESOLVE_BATCH
from service.matching.tasks import ResolveHandler
from service.naming.commands import place_rename
from service.naming.tasks import RenameHandler
from service.runs.commands import Handler, register

RUN_KINDS: dict[str, Handler] = {
    batches.KIND: BatchHandler(get_settings),
    delivery.KIND: DeliveryHandler(),
    BULK_CHANGE: BulkChangeHandler(),
    place_rename.KIND: RenameHandler(),
    RESOLVE_BATCH: ResolveHandler(get_settings),
    upload_runs.CHECK_KIND: UploadHandler(get_settings),
    upload_runs.STORE_KIND: UploadHandler(get_settings),
}


def register_run_kinds() -> None:
    """Make all kinds known to this process, which processes runs, or pauses and cancels them.

    The web application, the worker and the commands on runs, batches and places call it first.
    """
    for kind, handler in RUN_KINDS.items():
        register(kind, handler)
