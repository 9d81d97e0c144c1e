"""No secret is in the files of the project: keys, tokens and passwords as they are written."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.architecture.source_tree import ROOT

SIGNS = {
    "private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----",
    "key of ours": r"\bmp_[0-9a-f]{12}_[0-9a-f]{64}\b",
    "cloud key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bLTAI[0-9A-Za-z]{12,20}\b"
    r"|\bAKID[0-9A-Za-z]{32}\b",
    "token of a forge": r"\bgh[pousr]_[0-9A-Za-z]{36}\b|\bglpat-[\w-]{20}\b|\bpypi-[\w-]{50,}",
    "signed token": r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}",
    "password in a URL": r"\b(?:postgres(?:ql)?|redis|amqp|https?)(?:\+\w+)?://[\w.-]+:"
    r"[^\s@/{}$<>…*]+@\w",
    "assigned secret": r"(?i)(?:secret|passw(?:or)?d|token|api_?key)\w*[\"']?\s*[:=]\s*[\"']"
    r"(?=[^\"']*\d)(?=[^\"']*[A-Za-z])[\w+/=-]{32,}[\"']",
}
ALLOWED = {
    "tests/architecture/test_secrets.py": "the samples of this test",
    "tests/factories/audit.py": "keys the chain of a test's register",
    "tests/qr/conftest.py": "the alphabet of tokens",
    "tests/service/cli/test_db.py": "a URL whose password must not be shown",
    "tests/service/cluster/test_backup.py": "a URL whose password must not be shown",
    "tests/service/core/test_settings.py": "a URL whose password must not be shown",
}
"""Files that hold what looks like a secret, and why it is none."""

SAMPLES = {
    "private key": "-----BEGIN RSA PRIVATE KEY-----",
    "key of ours": f"mp_{'0a' * 6}_{'1b' * 32}",
    "cloud key": "AKIAIOSFODNN7EXAMPLE",
    "token of a forge": f"ghp_{'a1B2' * 9}",
    "signed token": "eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM.SflKxwRJSMeKKF2",
    "password in a URL": "postgresql://menpai_app:hunter2@db/menpai",
    "assigned secret": 'SECRET_KEY = "q8Zr1V0yKxwT5mJd2Lh7Bn4PcGs9Ue3A"',
}


def files_of_the_project() -> list[Path]:
    """Every file that is committed, or would be."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(listed, cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("not a repository: nothing says which files are the project's")
    names = filter(None, done.stdout.decode().split("\0"))
    return [path for name in names if (path := ROOT / name).is_file()]


def secrets_in(text: str) -> list[str]:
    return [kind for kind, sign in SIGNS.items() if re.search(sign, text)]


def test_every_kind_of_secret_would_be_found() -> None:
    assert {kind: secrets_in(sample) for kind, sample in SAMPLES.items()} == {
        kind: [kind] for kind in SIGNS
    }


def test_no_file_of_the_project_holds_a_secret() -> None:
    found, read = [], 0
    for path in files_of_the_project():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        read += 1
        name = str(path.relative_to(ROOT))
        if name not in ALLOWED and (kinds := secrets_in(text)):
            found.append((name, kinds))
    assert found == []
    assert read > 500
