"""A worker that knows the runs of tests: ``python -m tests.service.runs.worker_process URL``."""

import sys

from service.core.database import Database
from service.core.settings import get_settings
from service.worker import run_worker
from tests.factories.runs import register_test_runs
from tests.factories.webhooks import make_sender

if __name__ == "__main__":
    register_test_runs()
    database = Database(sys.argv[1])
    run_worker(database, get_settings(), make_sender(database))
