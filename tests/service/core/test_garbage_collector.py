import gc
import subprocess
import sys

import pytest

from service.core.memory import collection_paused
from tests.command_line import ROOT

SCRIPT = (
    "import gc; from service.core.memory import freeze_loaded_objects\n"
    "loaded = [[] for _ in range(1000)]; freeze_loaded_objects()\n"
    "assert gc.get_freeze_count() > 1000\n"
    "assert not any(one is loaded[0] for one in gc.get_objects())\n"
    "assert gc.get_threshold()[0] == 10_000"
)


def test_what_is_loaded_at_the_start_is_left_out_of_collections() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_collector_goes_on_after_a_pause_as_it_was() -> None:
    assert gc.isenabled()
    with collection_paused():
        assert not gc.isenabled()
    with pytest.raises(ValueError, match="half"), collection_paused():
        int("half")
    assert gc.isenabled()
    gc.disable()
    try:
        with collection_paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
