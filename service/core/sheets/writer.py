"""Writes rows to a sheet of any format, whole or not at all."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from os import PathLike
from pathlib import Path

from service.core.sheets.cells import Cell
from service.core.sheets.endings import read_ending
from service.core.sheets.faults import writing_fault
from service.core.sheets.sinks import Sink, open_sink
from service.core.sheets.whole_files import whole_file, writing


class RowSink:
    """Takes rows for a file that is being written."""

    def __init__(self, path: Path, headings: Sequence[str], sink: Sink) -> None:
        self.path = path
        self.headings = tuple(headings)
        self.count = 0
        self._sink = sink

    def write(self, cells: Sequence[Cell]) -> None:
        """Write one row, its cells in the order of the headings.

        Raises DiskFull or SheetOverflow; ValueError when the cells are not as many as the
        headings.
        """
        if len(cells) != len(self.headings):
            raise ValueError(f"{len(cells)} cells for {len(self.headings)} headings")
        try:
            self._sink.write(cells)
        except OSError as error:
            raise writing_fault(self.path, error) from error
        self.count += 1

    def write_values(self, values: Mapping[str, Cell]) -> None:
        """Write one row by heading; what has no heading is left out, what is missing is empty."""
        self.write([values.get(heading) for heading in self.headings])


@contextmanager
def write_rows(path: str | PathLike[str], headings: Sequence[str]) -> Iterator[RowSink]:
    """Write a CSV, TSV, XLSX or NDJSON file, packed if the name ends in ``.gz``.

    The file appears when the block ends, complete; when it raises, nothing is left and an older
    file stays. Text that a spreadsheet would run as a formula gets an apostrophe in front (not in
    NDJSON); ``open_rows(…, unprotect=True)`` gives it back. Raises FolderNotWritable, DiskFull.
    """
    path = Path(path)
    ending = read_ending(path)
    with whole_file(path) as part:
        with writing(path):
            sink = open_sink(part, ending, headings)
        try:
            yield RowSink(path, headings, sink)
            with writing(path):
                sink.close()
        except BaseException:
            sink.abandon()
            raise
