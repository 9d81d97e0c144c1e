"""Opens a Shapefile, plain or zipped, and detects the encoding of its table."""

import shutil
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from service.core.errors import BadRequest

PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
OTHER_LAYERS = frozenset(
    (
        *(".gpkg", ".geojson", ".kml", ".kmz", ".tab", ".mif", ".gdb", ".gdbtable"),
        *(".zip", ".rar", ".7z"),
    )
)
"""Other layers and archives: a ZIP with one of these is ambiguous and refused."""
MAX_PART = 512 << 20
MAX_RATIO = 200
RATIO_COUNTS_FROM = 1 << 20


class ShapefileRefused(BadRequest):
    """The Shapefile cannot be read."""


def is_shapefile(path: Path) -> bool:
    """Whether a path has the extension of a Shapefile, plain or zipped."""
    return path.suffix.lower() in (".shp", ".zip")


@contextmanager
def opened_shapefile(path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the .shp file and the encoding of its table; "" if a .cpg file declares it.

    The parts of the one Shapefile in a ZIP are unpacked into a temporary folder; indexes, styles,
    metadata and notes are ignored.

    Raises:
        ShapefileRefused: parts are missing, or the ZIP holds several layers.
    """
    if path.suffix.lower() == ".shp":
        parts = {
            file.suffix.lower(): file
            for file in path.parent.iterdir()
            if file.stem == path.stem and file.suffix.lower() in PARTS
        }
        yield path, _encoding(_require_whole(parts, path.name))
        return
    with TemporaryDirectory() as folder:
        parts = {}
        try:
            with zipfile.ZipFile(path) as archive:
                for suffix, entry in _find_layer(archive.infolist()).items():
                    _check_entry(entry)
                    parts[suffix] = Path(folder, f"layer{suffix}")
                    with archive.open(entry) as packed, parts[suffix].open("wb") as out:
                        shutil.copyfileobj(packed, out, 1 << 20)
        except (zipfile.BadZipFile, EOFError, RuntimeError, NotImplementedError) as error:
            raise ShapefileRefused(
                f"{path.name} is not a complete ZIP ({error})", hint="zip it again"
            ) from error
        yield _require_whole(parts, path.name)[".shp"], _encoding(parts)


def _find_layer(entries: Sequence[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """The parts of the one layer of a ZIP, by extension; other files are ignored.

    Raises:
        ShapefileRefused: there are several layers, or one part occurs twice.
    """
    found: dict[PurePosixPath, dict[str, zipfile.ZipInfo]] = {}
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if path.name.startswith(".") or path.parts[:1] == ("__MACOSX",):
            continue  # macOS metadata
        suffix = path.suffix.lower()
        if suffix in OTHER_LAYERS:
            raise ShapefileRefused(f"the ZIP holds another layer ({path})", hint="zip one by one")
        if suffix in PARTS and not entry.is_dir():
            parts = found.setdefault(PurePosixPath(str(path.with_suffix("")).casefold()), {})
            if suffix in parts:
                raise ShapefileRefused(f"the ZIP holds {path} twice", hint="zip it again")
            parts[suffix] = entry
    layers = [parts for parts in found.values() if ".shp" in parts]
    if len(layers) > 1:
        raise ShapefileRefused("the ZIP holds several layers", hint="zip one by one")
    return layers[0] if layers else {}


def _check_entry(entry: zipfile.ZipInfo) -> None:
    """Refuse a part that is unsafe to unpack."""
    name = entry.filename
    if (entry.external_attr >> 16) & 0o170000 == 0o120000:
        raise ShapefileRefused(f"{name} is a symbolic link", hint="zip the file itself")
    if entry.flag_bits & 1:
        raise ShapefileRefused("the ZIP has a password", hint="zip it without one")
    if entry.file_size > MAX_PART or entry.file_size > max(
        RATIO_COUNTS_FROM, MAX_RATIO * entry.compress_size
    ):
        raise ShapefileRefused(f"{name} is too large unpacked", hint="give the unpacked .shp file")


def _require_whole(parts: dict[str, Path], name: str) -> dict[str, Path]:
    missing = [suffix for suffix in (".shp", ".shx", ".dbf") if suffix not in parts]
    if missing:
        raise ShapefileRefused(f"{name} lacks its {' and '.join(missing)}", hint="add it")
    return parts


def _encoding(parts: dict[str, Path]) -> str:
    """The encoding of a table without .cpg: UTF-8 if all of it is valid, else GB18030."""
    if ".cpg" in parts:
        return ""
    try:
        parts[".dbf"].read_bytes()[32:].decode("utf-8")
    except UnicodeDecodeError:
        return "GB18030"
    return "UTF-8"
