"""Brings the browser libraries from the npm registry into service/static/vendor, unchanged.

``python -m scripts.vendor`` fetches the versions named in ``PACKAGES`` with npm, takes the named
files out of each package, and writes ``manifest.json`` with their SHA-256. Nothing is built.
"""

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "service" / "static" / "vendor"
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class VendoredPackage:
    """A package of npm: its exact version, its licence (SPDX) and the files taken from it."""

    name: str
    version: str
    licence: str
    files: tuple[str, ...]


PACKAGES = (
    VendoredPackage(
        "maplibre-gl",
        "5.24.1",  # the last line with a build whose worker is a file, as our CSP asks
        "BSD-3-Clause",
        (
            "LICENSE.txt",
            "dist/maplibre-gl-csp.js",
            "dist/maplibre-gl-csp-worker.js",
            "dist/maplibre-gl.css",
        ),
    ),
)


def fetch(package: VendoredPackage, folder: Path) -> dict[str, bytes]:
    """The named files of a package by their last name; npm verifies the archive.

    Raises:
        CalledProcessError: npm is absent, or has no such version.
        KeyError: the package has no such file.
    """
    wanted = f"{package.name}@{package.version}"
    command = ["npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", str(folder)]
    done = subprocess.run([*command, wanted], check=True, capture_output=True, text=True)  # noqa: S603
    with tarfile.open(folder / done.stdout.strip()) as archive:
        files = {}
        for name in package.files:
            member = archive.extractfile(f"package/{name}")
            if member is None:
                raise KeyError(name)
            files[Path(name).name] = member.read()
    return files


def main() -> int:
    """Replace the folder by what the registry gives, and report each file."""
    entries = []
    for package in PACKAGES:
        with tempfile.TemporaryDirectory() as folder:
            files = fetch(package, Path(folder))
        home = FOLDER / package.name
        home.mkdir(parents=True, exist_ok=True)
        digests = {}
        for name, body in files.items():
            (home / name).write_bytes(body)
            digests[name] = hashlib.sha256(body).hexdigest()
            sys.stderr.write(f"vendor: {package.name}/{name}, {len(body):,} bytes\n")
        entries.append(
            {
                "package": package.name,
                "version": package.version,
                "licence": package.licence,
                "sha256": digests,
            }
        )
    text = json.dumps(entries, indent=2, ensure_ascii=False)
    (FOLDER / MANIFEST).write_text(f"{text}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
