from pathlib import Path

import pytest

from scripts.audit_dependencies import audit


def fake_uv(folder: Path, code: int, err: str) -> Path:
    uv = folder / "uv"
    uv.write_text(f"#!/bin/sh\necho found\necho '{err}' >&2\nexit {code}\n", encoding="utf-8")
    uv.chmod(0o755)
    return uv


@pytest.mark.parametrize(
    ("ends", "said", "result"),
    [
        ((0, ""), "found", 0),
        ((1, "Found 2 known vulnerabilities"), "found", 1),
        ((2, "error: unexpected argument"), "found", 2),
        ((2, "error: Request failed after 3 retries"), "NOT audited", 0),
    ],
)
def test_only_what_is_known_fails_and_what_is_not_is_said(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    ends: tuple[int, str],
    said: str,
    result: int,
) -> None:
    assert audit(fake_uv(tmp_path, *ends)) == result
    assert said in capsys.readouterr().out
