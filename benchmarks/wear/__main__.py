"""Counts how many worn symbols each of two readers reads, over all designs and kinds of wear.

Run: ``.venv/bin/python -m benchmarks.wear [--count 10000]``. ``count`` worn symbols are read
for each symbol version: the same number per design, each with every kind of wear in ``qr.wear``.
Hosts have 12, 26 and 38 characters, the longest of versions 3, 4 and 5; a design that refuses a
host is left out and listed.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterator

import numpy as np

from benchmarks.wear.drawing import draw_views, lay_out_plates, write_book
from qr.designs import get_design, list_designs
from qr.errors import PayloadTooLong
from qr.fonts import Fonts, find_fonts
from qr.inspect import check_prefix
from qr.readers import READERS
from qr.wear import WEARS, WornView, wear_symbol

HOSTS = (
    "menp.example",
    "mp.shangcheng.city.example",
    "dizhi.shangcheng.hangzhou.city.example",
)
BAR = 0.995

Tally = dict[str, Counter[str]]
"""Counts by kind of wear: worn, read by any reader, read by each."""


def main() -> None:
    """Print the share read by each reader, by kind of wear and version."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="worn symbols of each version")
    options = parser.parse_args()
    fonts = find_fonts()
    for host in HOSTS:
        _print_host(host, options.count, fonts)


def _print_host(host: str, count: int, fonts: Fonts) -> None:
    started = time.process_time()
    fitting = [name for name in list_designs() if _fits(host, name)]
    each = -(-count // (len(fitting) * len(WEARS)))
    tallies: Tally = {kind: Counter() for kind in WEARS}
    by_design: dict[str, Counter[str]] = {name: Counter() for name in fitting}
    version = 0
    for place, name in enumerate(fitting):
        plates = lay_out_plates(get_design(name), host, each, fonts, seed=place)
        version = plates[0].symbol.version
        views = draw_views(write_book(plates, fonts), plates)
        for plate, view in zip(plates, views, strict=True):
            for kind, found in _read_worn(view, plate.content.payload):
                tallies[kind].update(found)
                by_design[name].update(found)
    whole = sum(tallies.values(), Counter[str]())
    refused = ", ".join(name for name in list_designs() if name not in fitting) or "none"
    print(f"version {version}, host of {len(host)} characters; designs that refuse it: {refused}")
    for kind, tally in tallies.items():
        print(f"  {kind:<10}{_line(tally)}")
    least = min(by_design, key=lambda name: by_design[name]["any"] / by_design[name]["worn"])
    print(f"  {'least of a design':<18}{least}: {_line(by_design[least])}")
    held = whole["any"] >= BAR * whole["worn"]
    seconds = time.process_time() - started
    print(f"  {'all':<10}{_line(whole)}   bar {BAR:.1%}: {'held' if held else 'MISSED'}")
    print(f"  {seconds:.0f} s of processor time", flush=True)


def _fits(host: str, design: str) -> bool:
    try:
        check_prefix(f"https://{host.upper()}/", get_design(design).symbol)
    except PayloadTooLong:
        return False
    return True


def _read_worn(view: WornView, payload: str) -> Iterator[tuple[str, Counter[str]]]:
    for number, (kind, wear) in enumerate(WEARS.items()):
        random = np.random.default_rng([number, *payload.encode()])
        picture = wear_symbol(view, wear, random)
        read = {name: reader(picture) == (payload,) for name, reader in READERS.items()}
        yield kind, Counter({"worn": 1, "any": int(any(read.values())), **read})


def _line(tally: Counter[str]) -> str:
    shares = "  ".join(f"{name} {tally[name] / tally['worn']:7.2%}" for name in READERS)
    return f"{tally['worn']:7,} worn  by either {tally['any'] / tally['worn']:7.2%}  {shares}"


if __name__ == "__main__":
    main()
