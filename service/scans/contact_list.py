"""The list of contacts as rows with ``tel:`` links, and the formats of telephone numbers."""

import re
from functools import lru_cache

from service.core.html import Html, joined
from service.core.words import Language, mark
from service.scans.contact import Contact, DutyRole
from service.scans.reader import Reader
from service.scans.site import Site
from service.scans.templates import EMPTY, parts_of

_MOBILE = re.compile(r"1\d{10}")
_CITY_CODE = re.compile(r"(0(?:10|2\d|[3-9]\d\d))-?(\d{7,8})")
_EXTENSION = re.compile(r"\s*(?:转|ext\.?|-(?=\d{1,6}$))\s*(\d{1,6})$")


def dial_string(phone: str, language: Language) -> str:
    """The number for a ``tel:`` link, the extension after a pause (,).

    In English with the country code +86, so that a roaming telephone can dial it.
    """
    main, extension = _split_extension(phone)
    digits = re.sub(r"[^\d+]", "", main)
    if language is not Language.ZH and _is_national(main):
        digits = f"+86{digits.removeprefix('0')}"
    return f"{digits},{extension}" if extension else digits


def format_phone(phone: str, language: Language) -> str:
    """The number as displayed: as entered in Chinese, +86 571 8706 0004 in English."""
    main, extension = _split_extension(phone)
    if language is Language.ZH or not _is_national(main):
        return phone
    city = _CITY_CODE.fullmatch(main)
    parts = [city[1].removeprefix("0"), city[2]] if city else [main[:3], main[3:]]
    *area, local = parts
    spaced = f"{local[:-4]} {local[-4:]}"
    written = " ".join(["+86", *area, spaced])
    return f"{written} ext. {extension}" if extension else written


def _split_extension(phone: str) -> tuple[str, str]:
    found = _EXTENSION.search(phone)
    if found and _is_national(phone[: found.start()]):
        return phone[: found.start()], found[1]
    return phone, ""


def _is_national(phone: str) -> bool:
    return bool(_MOBILE.fullmatch(phone) or _CITY_CODE.fullmatch(phone))


_ROLES = {
    DutyRole.GRID_WORKER: mark("网格员"),
    DutyRole.COMMUNITY_OFFICER: mark("社区民警"),
    DutyRole.POLICE_STATION: mark("派出所"),
    DutyRole.COMMUNITY_OFFICE: mark("社区"),
}
_UNSURE, _DOT = Html(' class="unsure"'), Html(" · ")


@lru_cache(maxsize=4096)
def contact_list(
    contacts: tuple[Contact, ...], site: Site, reader: Reader, *, is_scanned: bool = True
) -> Html:
    """Render contacts in the given order; add the public hotline if one is unconfirmed.

    A page that was not scanned but found by address code never has any, and says where they are.
    Cached: all plates of a grid show the same contacts.
    """
    page = parts_of(site, reader)
    parts, name, _ = page.parts, page.parts["name"], page.words
    rows = []
    for contact in contacts:
        title, role = name(contact.display_name), _(_ROLES[contact.role])
        if contact.is_person:
            title = parts["person"](role, title)
            below = [name(contact.organisation)] if contact.organisation else []
        else:
            below = [parts["plain"](role)]
        if contact.hours:
            below.append(name(contact.hours))
        detail = parts["line"](Html(_DOT.join(below))) if below else EMPTY
        # the number and the day it was confirmed, or a warning if it is unconfirmed
        day, number = contact.confirmed_at, format_phone(contact.phone, reader.language)
        if contact.is_unconfirmed:
            warning = _("还没有核对，可能打不通")
            if day:
                warning = _("{day}核对，可能已变动", day=_.day(day))
            lines = joined(detail, parts["line"](number), parts["old"](warning))
        else:
            checked = [_("{day}核对", day=_.near_day(day))] if day else []
            lines = joined(detail, parts["line"](" · ".join([number, *checked])))
        tone = _UNSURE if contact.is_unconfirmed else EMPTY
        rows.append(
            parts["contact"](tone, dial_string(contact.phone, reader.language), title, lines)
        )
    if not contacts or any(contact.is_unconfirmed for contact in contacts):
        rows.append(parts["hotline"]())
    nobody = _("本处网格员、社区民警电话暂未公布。")
    if not is_scanned:
        nobody = _("网格员、社区民警的电话，扫门牌上的二维码才显示。")
    note = EMPTY if contacts else parts["note"](nobody)
    return parts["contacts"](note, joined(*rows))
