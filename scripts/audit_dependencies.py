"""Asks which locked packages have known vulnerabilities: ``python -m scripts.audit_dependencies``.

uv reads the lock file and asks the OSV database. Without a network nothing can be said, and that is
what is said: it is no failure, for `make check` must work where there is none.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UV = Path(sys.executable).with_name("uv")
COMMAND = ("audit", "--frozen", "--preview-features", "audit")
UNREACHED = ("error sending request", "Request failed", "dns error", "operation timed out")


def audit(uv: Path = UV) -> int:
    """Print what is known of the locked packages; return 0 when that is nothing, or unknown."""
    done = subprocess.run(  # noqa: S603 - our own uv
        [uv, *COMMAND], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode and any(sign in done.stderr for sign in UNREACHED):
        sys.stdout.write("dependencies: NOT audited, the database of advisories is out of reach\n")
        return 0
    sys.stdout.write(done.stdout)
    sys.stderr.write(done.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(audit())
