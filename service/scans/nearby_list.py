"""The facilities near a plate (附近) as rows: what, how far, where, when, telephone."""

from service.core.html import Html, joined
from service.core.words import Language, Words, mark
from service.scans.contact_list import dial_string, format_phone
from service.scans.reader import Reader
from service.scans.site import Site
from service.scans.templates import EMPTY, parts_of
from service.service_items.nearby import NearFacility

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
    page, is_chinese = parts_of(site, reader), reader.language is Language.ZH
    parts, _, rows = page.parts, page.words, []
    for found in nearby:
        one = found.facility
        kind = KINDS[one.kind]
        is_told = is_chinese and kind in one.name  # 清波社区便民服务中心
        about = ["" if is_told else _(kind), distance_words(found, _)]
        where = parts["name"](" ".join(filter(None, (one.local_text, one.note))))
        lines = [parts["line"](" · ".join(filter(None, about))), parts["line"](where)]
        if one.hours:
            lines.append(parts["line"](parts["name"](one.hours)))
        title = parts["name"](one.name)
        if one.phone:
            lines.append(parts["line"](format_phone(one.phone, reader.language)))
            dialled = dial_string(one.phone, reader.language)
            rows.append(parts["contact"](EMPTY, dialled, title, joined(*lines)))
        else:
            rows.append(parts["facility"](title, joined(*lines)))
    return parts["nearby"](joined(*rows)) if rows else EMPTY
