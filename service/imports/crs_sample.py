"""Tells from a sample whether a whole file is in another coordinate system than declared."""

from itertools import islice

from service.core.sheets import RowFault, RowSource
from service.imports.crs_guess import Sample, SystemGuess, guess_system
from service.imports.row_placement import RowPlacer
from service.imports.rows import ImportRow, RowReader

SAMPLE_ROWS = 2000


def guess_file_system(placer: RowPlacer, reader: RowReader, source: RowSource) -> SystemGuess:
    """Try each system on the first rows that have a point and name their county."""
    samples = []
    for row in islice(source, SAMPLE_ROWS):
        read = reader.read(row)
        if not isinstance(read, ImportRow) or read.lon is None or read.lat is None:
            continue
        county = placer.find_county(read)
        if not isinstance(county, RowFault):
            samples.append(Sample(read.lon, read.lat, county))
    return guess_system(samples, placer.borders.shapes, placer.system)
