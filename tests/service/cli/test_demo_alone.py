"""Two demos on one home would take each other's key and passwords: the second is refused."""

import os
import subprocess
import sys
from pathlib import Path

from service.core.folder_lock import hold_lock

ENVIRONMENT = 3


def test_a_second_demo_on_a_home_is_refused_with_its_hint(tmp_path: Path) -> None:
    home = tmp_path / "demo"
    home.mkdir(mode=0o700)
    with hold_lock(home / "demo-runs.lock"):
        done = subprocess.run(
            [sys.executable, "-m", "service", "demo", "--no-serve"],
            env=os.environ | {"MENPAI_HOME": str(home)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == ENVIRONMENT
    assert "already" in done.stderr
    assert "MENPAI_HOME=" in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
