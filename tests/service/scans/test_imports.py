"""What a scan needs loaded: nothing that draws plates or prints, which other processes do."""

import subprocess
import sys

HEAVY = ("PIL", "fontTools", "qrcode", "reportlab", "zxingcpp", "ezdxf", "pikepdf")
OF_PRINTING = ("qr.card", "qr.pdf", "qr.layout", "qr.fonts", "service.scans.address_card")
PRINT = "import sys, service.scans.answer, service.scans.hot.service; print(*sys.modules)"


def test_a_scan_imports_nothing_that_prints() -> None:
    done = subprocess.run([sys.executable, "-c", PRINT], capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert "service.scans.plate_page" in loaded
    assert [name for name in loaded if name.split(".")[0] in HEAVY] == []
    assert [name for name in loaded if name.startswith(OF_PRINTING)] == []
    assert "service.scans.pages" not in loaded
