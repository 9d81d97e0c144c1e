"""What lies in service/static/vendor is what the registry gave, and nothing else."""

import hashlib
import json

from scripts.vendor import FOLDER, MANIFEST, PACKAGES


def entries() -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads((FOLDER / MANIFEST).read_text(encoding="utf-8"))
    return found


def test_every_vendored_file_has_the_bytes_of_the_manifest() -> None:
    held = {
        path.relative_to(FOLDER).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in FOLDER.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }
    named = {
        f"{entry['package']}/{name}": digest
        for entry in entries()
        for name, digest in dict(entry["sha256"]).items()  # type: ignore[call-overload]
    }
    assert held == named


def test_the_manifest_names_the_versions_and_files_that_the_script_fetches() -> None:
    assert [
        (entry["package"], entry["version"], entry["licence"], set(entry["sha256"]))  # type: ignore[call-overload]
        for entry in entries()
    ] == [
        (one.name, one.version, one.licence, {name.rsplit("/", 1)[-1] for name in one.files})
        for one in PACKAGES
    ]


def test_each_package_comes_with_its_licence() -> None:
    for package in PACKAGES:
        text = (FOLDER / package.name / "LICENSE.txt").read_text(encoding="utf-8")
        assert "Redistribution and use in source and binary forms" in text
