"""Checks that a host is short enough for the QR codes of a design, before plates are issued."""

from qr.designs import get_design, list_designs
from qr.errors import DesignUnknown, PayloadTooLong
from qr.inspect import check_prefix, inspect_prefix
from service.core.errors import BadRequest
from service.plates.print_content import AUTO, AUTO_DESIGNS


def require_host_fits(payload_prefix: str, design: str) -> None:
    """Refuse a host that makes the QR codes of a design too dense to read.

    ``payload_prefix`` is scheme and host as printed; with the design ``auto`` it must fit every
    design that an address may take.

    Raises:
        BadRequest: the modules would be too small or unreadable at the distance of the design, or
            there is no such design.
    """
    for name in AUTO_DESIGNS if design == AUTO else (design,):
        try:
            found = get_design(name)
        except DesignUnknown as error:
            raise BadRequest(
                str(error),
                hint="see `menpai plates gallery`",
                zh=f"没有名为“{name}”的样式。",
                http_hint=f"send {AUTO} or one of {', '.join(list_designs())}",
            ) from error
        place = found.symbol
        try:
            check_prefix(payload_prefix, place)
        except PayloadTooLong as error:
            seen = inspect_prefix(payload_prefix, place)
            raise BadRequest(
                f"{payload_prefix} 太长，{found.title}放不下："
                f"二维码边长 {place.box.width:g} 毫米，每格 {seen.module:.2f} 毫米，"
                f"{seen.distance:.2f} 米内可读；"
                f"要求不小于 {place.smallest_module:g} 毫米、{place.distance:g} 米",
                hint="换用更短的域名（设置项 MENPAI_PUBLIC_URL），或换用二维码更大的样式",
            ) from error
