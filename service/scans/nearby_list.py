"""The facilities near a plate (附近) as rows: what, how far, where, when, telephone."""

from service.core.html import Html, joined
from service.core.words import Language, Words, mark
from service.scans.contact_list import dial_string, format_phone
from service.scans.reader import Reader
from service.scans.site import Site
from service.scans.templates import EMPTY, PageTemplates, parts_of
from service.service_items.nearby import KnownFacility, NearFacility

KINDS = {
    "aed": mark("自动体外除颤器（AED）"),
    "service_centre": mark("便民服务中心"),
    "health_station": mark("卫生服务站"),
    "elder_care": mark("养老照料中心"),
    "elder_canteen": mark("老年食堂"),
    "children": mark("儿童之家"),
    "shelter": mark("避灾安置场所"),
    "culture_hall": mark("文化礼堂"),
    "toilet": mark("公共厕所"),
}
_TEN_METRES, _KILOMETRE = 10, 1000


def distance_words(found: NearFacility, _: Words) -> str:
    """How far it is, in words: to ten metres, from one kilometre on to a tenth of one."""
    if found.is_here:
        return _("就在本址")
    if found.metres is None:
        return ""
    tens = max(1, round(found.metres / _TEN_METRES)) * _TEN_METRES
    if tens < _KILOMETRE:
        return _("约 {metres} 米", metres=tens)
    return _("约 {kilometres} 公里", kilometres=f"{found.metres / _KILOMETRE:.1f}")


def nearby_list(nearby: tuple[NearFacility, ...], site: Site, reader: Reader) -> Html:
    """Render facilities in the given order; empty without any."""
    page = parts_of(site, reader)
    rows = [nearby_row(one.facility, distance_words(one, page.words), page) for one in nearby]
    return page.parts["nearby"](joined(*rows)) if rows else EMPTY


def nearby_row(one: KnownFacility, distance: str, page: PageTemplates) -> Html:
    """Render one facility at a distance, which is said in words."""
    parts, kind, language = page.parts, KINDS[one.kind], page.reader.language
    is_told = language is Language.ZH and kind in one.name  # 清波社区便民服务中心
    about = " · ".join(filter(None, ("" if is_told else page.words(kind), distance)))
    where = parts["name"](" ".join(filter(None, (one.local_text, one.note))))
    lines = [parts["line"](about)] if about else []
    lines.append(parts["line"](where))
    if one.hours:
        lines.append(parts["line"](parts["name"](one.hours)))
    title = parts["name"](one.name)
    if not one.phone:
        return parts["facility"](title, joined(*lines))
    lines.append(parts["line"](format_phone(one.phone, language)))
    return parts["contact"](EMPTY, dial_string(one.phone, language), title, joined(*lines))
