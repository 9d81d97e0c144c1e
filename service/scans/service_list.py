"""The services of a plate (办事服务) as rows: what, by whom, when, link, telephone."""

from service.core.html import Html, joined
from service.core.words import Language
from service.scans.contact_list import dial_string, format_phone
from service.scans.reader import Reader
from service.scans.site import Site
from service.scans.templates import EMPTY, parts_of
from service.service_items.links import find_link
from service.service_items.register import OfferedService


def service_list(
    services: tuple[OfferedService, ...], code: str, site: Site, reader: Reader
) -> Html:
    """Render services in the given order for the address with this code; empty without any."""
    page, is_chinese = parts_of(site, reader), reader.language is Language.ZH
    parts, name_of, rows = page.parts, page.parts["name"], []
    for one in services:
        link = find_link(one.link, code, site.code_hosts)
        if not link and not one.phone:
            continue
        name = name_of(one.name) if is_chinese or not one.name_en else parts["plain"](one.name_en)
        lines = [parts["line"](name_of(text)) for text in (one.office, one.hours) if text]
        if link:
            rows.append(parts["service"](link, name, joined(*lines)))
            name, lines = name_of(one.office) if one.office else name, []
        if one.phone:
            lines.append(parts["line"](format_phone(one.phone, reader.language)))
            dialled = dial_string(one.phone, reader.language)
            rows.append(parts["contact"](EMPTY, dialled, name, joined(*lines)))
    return parts["services"](joined(*rows)) if rows else EMPTY
