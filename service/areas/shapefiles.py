"""Opens a Shapefile, plain or zipped, and tells the encoding of its table."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from service.core.errors import BadRequest

PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
MAX_PART = 512 << 20
MAX_RATIO = 200
RATIO_COUNTS_FROM = 1 << 20


class ShapefileRefused(BadRequest):
    """The Shapefile cannot be read."""


def is_shapefile(path: Path) -> bool:
    """Whether a name ends as a Shapefile's does, plain or zipped."""
    return path.suffix.lower() in (".shp", ".zip")


@contextmanager
def opened_shapefile(path: Path) -> Iterator[tuple[Path, str]]:
    """Give the .shp file and the encoding of its table; "" when a .cpg file says it.

    A ZIP may hold the five parts of one Shapefile and nothing else, without folders; it is
    unpacked into a folder that is gone afterwards.

    Raises:
        ShapefileRefused: parts are missing, or the ZIP holds what it should not.
    """
    if path.suffix.lower() == ".shp":
        yield path, _encoding(_beside(path))
        return
    with TemporaryDirectory() as folder:
        unpacked = _unpack(path, Path(folder))
        yield unpacked[".shp"], _encoding(unpacked)


def _beside(path: Path) -> dict[str, Path]:
    parts = {
        file.suffix.lower(): file
        for file in path.parent.iterdir()
        if file.stem == path.stem and file.suffix.lower() in PARTS
    }
    return _whole(parts, path.name)


def _unpack(path: Path, folder: Path) -> dict[str, Path]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            for entry in entries:
                _check(entry)
            if len({PurePosixPath(entry.filename).stem for entry in entries}) != 1:
                raise ShapefileRefused("the ZIP holds several layers", mend="zip one by one")
            parts = {}
            for entry in entries:
                suffix = PurePosixPath(entry.filename).suffix.lower()
                parts[suffix] = folder / f"layer{suffix}"
                with archive.open(entry) as packed, parts[suffix].open("wb") as out:
                    while chunk := packed.read(1 << 20):
                        out.write(chunk)
    except (zipfile.BadZipFile, EOFError, RuntimeError, NotImplementedError) as error:
        raise ShapefileRefused(
            f"{path.name} is no whole ZIP ({error})", mend="zip it again"
        ) from error
    return _whole(parts, path.name)


def _check(entry: zipfile.ZipInfo) -> None:
    """Refuse what is no plain part of a Shapefile, before a byte of it is unpacked."""
    name = entry.filename
    only = f"a ZIP may hold {' '.join(PARTS)} of one layer and nothing else"
    if "/" in name or "\\" in name or name.startswith("."):
        raise ShapefileRefused(f"the ZIP holds a path ({name})", mend=f"{only}, without folders")
    if PurePosixPath(name).suffix.lower() not in PARTS:
        raise ShapefileRefused(f"the ZIP holds {name}", mend=only)
    if (entry.external_attr >> 16) & 0o170000 == 0o120000:
        raise ShapefileRefused(f"{name} is a symbolic link", mend=only)
    if entry.flag_bits & 1:
        raise ShapefileRefused("the ZIP has a password", mend="zip it without one")
    if entry.file_size > MAX_PART or entry.file_size > max(
        RATIO_COUNTS_FROM, MAX_RATIO * entry.compress_size
    ):
        raise ShapefileRefused(f"{name} unpacks to too much", mend="give the unpacked .shp file")


def _whole(parts: dict[str, Path], name: str) -> dict[str, Path]:
    missing = [suffix for suffix in (".shp", ".shx", ".dbf") if suffix not in parts]
    if missing:
        raise ShapefileRefused(f"{name} lacks its {' and '.join(missing)}", mend="add it")
    return parts


def _encoding(parts: dict[str, Path]) -> str:
    """The encoding of a table without .cpg: UTF-8 if all of it is, else GB18030."""
    if ".cpg" in parts:
        return ""
    try:
        parts[".dbf"].read_bytes()[32:].decode("utf-8")
    except UnicodeDecodeError:
        return "GB18030"
    return "UTF-8"
