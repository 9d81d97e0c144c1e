"""Measures plate files: symbols, PDF with proof, memory and other forms.

Run: ``.venv/bin/python -m benchmarks.plates [--largest 100000]``; ``benchmarks.wear`` reads worn
symbols. Rates count the processor time of one process, so that other load hardly affects them; each
is the median of three rounds. The rival is a naive implementation: ``qrcode`` and Pillow, one PNG
per plate.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO

import qrcode
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

from benchmarks.wear.drawing import list_tokens
from qr.archive import Form, write_zip
from qr.content import PlateContent
from qr.designs import get_design
from qr.fonts import Fonts, find_fonts
from qr.layout import LaidOutPlate, PlateSpec, lay_out_all
from qr.pdf import PdfBook
from qr.production import Press, print_volumes
from qr.proof import prove_book
from qr.symbol import make_symbol
from qr.symbol_series import find_series, make_symbols

ROUNDS = 3
DPI = 300
DESIGN = "small"
STREETS = ("中山中路", "北京西路辅路南二巷", "河坊街", "清波门直街", "𬭊塘漈路")


def main() -> None:
    """Print every figure with its bar or its ratio to the rival."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=100_000, help="plates of the longest series")
    parser.add_argument("--series", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.series:
        print(json.dumps(measure_series(options.series)))
        return
    fonts = find_fonts()
    print_symbols()
    print_forms(fonts)
    print_way(fonts)
    print_series(options.largest)


def orders(count: int) -> Iterator[PlateSpec]:
    """A small register: five streets, repeating numbers, distinct codes and tokens."""
    design = get_design(DESIGN)
    for serial in range(count):
        token = f"K7QX{serial:06d}"
        content = PlateContent(
            plate_id=token,
            payload=f"https://MENPAI.TEST/{token}",
            name=STREETS[serial // 300 % len(STREETS)],
            number=str(serial % 300 + 1),
            code=f"330106{serial * 7919 % 10**8:08d}33",
            authority="示例市地名管理部门",
            note="示例数据",
        )
        yield PlateSpec(design, content)


def rate(count: int, work: Callable[[], object]) -> float:
    """Items per second of processor time, the median of the rounds."""
    spent = []
    for _ in range(ROUNDS):
        started = time.process_time()
        work()
        spent.append(time.process_time() - started)
    return count / statistics.median(spent)


def print_symbols() -> None:
    """Encoders at version 3, level H; all draw the same modules for the same mask."""
    payloads = [f"https://MENPAI.TEST/{token}" for token in list_tokens(20_000, 1)]
    kind = zxingcpp.BarcodeFormat.QRCode
    some = payloads[:2000]
    ours = rate(len(payloads), lambda: make_symbols(payloads))
    started = time.process_time()
    find_series.__wrapped__(payloads[0][:-10], len(payloads[0]), "H")
    made = time.process_time() - started
    few = rate(100, lambda: [make_symbol(payload) for payload in payloads[:100]])
    compiled = rate(
        len(some), lambda: [zxingcpp.create_barcode(text, kind, ec_level="H") for text in some]
    )
    print("symbols a second, mask chosen by the rules of ISO/IEC 18004")
    print(f"  qrcode                   {few:10,.0f}")
    print(f"  zxing-cpp (its own mask) {compiled:10,.0f}")
    print(f"  XOR tables               {ours:10,.0f}   {ours / few:.0f} × qrcode")
    print(f"  making the tables of a series takes {made * 1000:.0f} ms")


def print_forms(fonts: Fonts) -> None:
    """Each step and each form by itself."""
    wanted = list(orders(3000))
    plates = [plate for plate in lay_out_all(wanted, fonts) if isinstance(plate, LaidOutPlate)]
    data = _pdf(plates, fonts)
    print(f"steps, plates a second ({DESIGN} plate)")
    print(
        f"  layout with symbol       {rate(3000, lambda: list(lay_out_all(wanted, fonts))):10,.0f}"
    )
    print(f"  PDF                      {rate(3000, lambda: _pdf(plates, fonts)):10,.0f}")
    print(f"  proof from the PDF       {rate(3000, lambda: prove_book(data, plates)):10,.0f}")
    forms: tuple[tuple[Form, int], ...] = (("svg", 60), ("dxf", 30), ("png", 30))
    for form, count in forms:
        found = rate(count, lambda: write_zip(BytesIO(), wanted[:count], fonts, form))  # noqa: B023
        print(f"  ZIP of {form}, proven       {found:10,.0f}")


def _pdf(plates: Sequence[LaidOutPlate], fonts: Fonts) -> bytes:
    buffer = BytesIO()
    with PdfBook(buffer, fonts) as book:
        for plate in plates:
            book.add(plate)
    return buffer.getvalue()


def print_way(fonts: Fonts) -> None:
    """From contents to proven PDF volumes, beside the rival's PNG."""
    wanted = list(orders(3000))
    whole = rate(3000, lambda: list(print_volumes(wanted, Press(fonts))))
    rival = naive_writer()
    naive = rate(20, lambda: [rival(order.content) for order in wanted[:20]])
    print("the whole way, plates a second a core")
    print(f"  proven PDF               {whole:10,.0f}   bar 600: {_verdict(whole >= 600)}")
    print(f"  qrcode + Pillow PNG      {naive:10,.1f}   nothing proven")
    ratio = whole / naive
    print(f"  ratio                    {ratio:10,.0f}   bar 30: {_verdict(ratio >= 30)}")


def naive_writer() -> Callable[[PlateContent], bytes]:
    """A naive implementation of a plate of the same size; fonts are loaded once."""
    path = str(find_fonts().faces[0].path)
    fonts = [ImageFont.truetype(path, size) for size in (240, 400, 60, 32)]

    def write(content: PlateContent) -> bytes:
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_H)
        code.add_data(content.payload)
        symbol = code.make_image().convert("RGB").resize((472, 472))
        plate = Image.new("RGB", (1772, 1063), (11, 74, 162))
        pen = ImageDraw.Draw(plate)
        pen.rounded_rectangle((28, 28, 1744, 1035), 38, outline="white", width=13)
        pen.text((886, 230), content.name, "white", fonts[0], anchor="mm")
        pen.text((600, 660), content.full_number, "white", fonts[1], anchor="mm")
        pen.text((600, 960), content.grouped_code, "white", fonts[2], anchor="mm")
        pen.text((1440, 940), content.authority, "white", fonts[3], anchor="mm")
        plate.paste(symbol, (1204, 430))
        buffer = BytesIO()
        plate.save(buffer, "PNG", dpi=(DPI, DPI))
        return buffer.getvalue()

    return write


def print_series(largest: int) -> None:
    """Processor time and memory of a fresh process for series of growing length."""
    sizes = [size for size in (100, 1000, 10_000, 100_000) if size <= largest]
    found = [(size, *_in_process(size)) for size in sizes]
    print("series in a process of its own, proven PDF volumes of 1,000")
    for size, seconds, peak in found:
        print(f"  {size:8,} plates {seconds:8.1f} s {size / seconds:8,.0f}/s  peak {peak:5.0f} MiB")
    if len(found) > 2:
        (size, seconds, peak), (last, all_seconds, last_peak) = found[1], found[-1]
        slower = (all_seconds / last) / (seconds / size)
        flat = last_peak / peak
        span = f"at {last:,} against {size:,}"
        print(f"  time a plate {span}: {slower:.2f} × (bar 1.2): {_verdict(slower < 1.2)}")
        print(
            f"  peak memory at {last:,} is {flat:.2f} × that at {size:,}: {_verdict(flat < 1.25)}"
        )


def _in_process(count: int) -> tuple[float, float]:
    command = [sys.executable, "-m", "benchmarks.plates", "--series", str(count)]
    told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return told["seconds"], told["peak"]


def measure_series(count: int) -> dict[str, float]:
    """Print a series and discard it; return seconds of processor time and peak MiB."""
    fonts = find_fonts()
    started = time.process_time()
    made = sum(len(volume.plates) for volume in print_volumes(orders(count), Press(fonts)))
    if made != count:
        raise RuntimeError(f"{made} of {count} plates were made")
    seconds = time.process_time() - started
    return {"seconds": seconds, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def _verdict(held: bool) -> str:
    return "held" if held else "MISSED"


if __name__ == "__main__":
    main()
