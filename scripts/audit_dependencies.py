"""Checks locked packages for known vulnerabilities: ``python -m scripts.audit_dependencies``.

uv reads the lock file and queries the OSV database. Without a network the check is reported as not
done and does not fail, because `make check` must work offline.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UV = Path(sys.executable).with_name("uv")
COMMAND = ("audit", "--frozen", "--preview-features", "audit")
UNREACHED = ("error sending request", "Request failed", "dns error", "operation timed out")


def audit(uv: Path = UV) -> int:
    """Print known vulnerabilities; return 0 without any, or when the database is unreachable."""
    done = subprocess.run(  # noqa: S603 - our own uv
        [uv, *COMMAND], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode and any(sign in done.stderr for sign in UNREACHED):
        sys.stdout.write("dependencies: NOT audited, the advisory database is unreachable\n")
        return 0
    sys.stdout.write(done.stdout)
    sys.stderr.write(done.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(audit())
