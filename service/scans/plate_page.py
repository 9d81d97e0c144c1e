"""The page of a plate, joined from precompiled template parts: a scan renders no template.

A pure function of card, site and reader, so caches know what a page depends on.
"""

from dataclasses import dataclass
from urllib.parse import quote

from address_model.coordinates import Point, vendor_points
from service.core.html import NOT_INDEXED, PRIVATE, PUBLIC, SCRIPTED, Html, joined
from service.core.words import Language
from service.heritage.stories import Story
from service.scans.card import CardState, ScanCard
from service.scans.contact_list import contact_list
from service.scans.data_list import data_list
from service.scans.nearby_list import nearby_list
from service.scans.reader import Reader, View
from service.scans.service_list import service_list
from service.scans.site import Site
from service.scans.sketch import sketch_svg
from service.scans.sketch_facts import sketch_sentence
from service.scans.states import STATE_NOTICES, UNSURE, StateNotice
from service.scans.templates import EMPTY, PageTemplates, parts_of

_GONE, _MANY, _WARN = Html(" gone"), Html(" many"), Html(" warn")
_FIGURES = str.maketrans({str(n): f"{figure} " for n, figure in enumerate("零一二三四五六七八九")})


def render_plate(card: ScanCard, site: Site, reader: Reader) -> str:
    """Return the page of a card as HTML."""
    frame = parts_of(site, reader).frames[card.is_demo or site.is_demo]
    return frame(*title_and_body(card, site, reader))


def plate_pieces(card: ScanCard, site: Site, reader: Reader) -> tuple[bytes, ...]:
    """Return the same page as pieces of UTF-8, without copying the shared frame."""
    frame = parts_of(site, reader).frames[card.is_demo or site.is_demo]
    return frame.around(*title_and_body(card, site, reader))


def card_headers(card: ScanCard, view: View = View.STANDARD) -> dict[str, str]:
    """The headers specific to a card's page.

    A page with contacts, services or facilities is private; the elder view may run the read-aloud
    script.
    """
    kept = PRIVATE if card.must_be_fresh else PUBLIC
    return NOT_INDEXED | kept | (SCRIPTED if view is View.ELDER else {})


def title_and_body(card: ScanCard, site: Site, reader: Reader) -> tuple[str, Html]:
    """Return the title and the content of a page, without the frame."""
    page, is_chinese = parts_of(site, reader), reader.language is Language.ZH
    local, groups = card.local_text, " ".join(card.groups)
    notice = STATE_NOTICES[card.state]
    first = joined(
        _face(card, groups, notice, page),
        page.parts["trial"]() if card.is_trial else EMPTY,
        _notice(card, notice, page),
        _place_names(card, notice, page),
        _emergency(card, site, local, groups, page),
        _leads(card, notice, page) if card.state is CardState.ADDRESS_DIVIDED else EMPTY,
        page.parts["views"](),
    )
    contacts = EMPTY
    if card.state is not CardState.VOID:
        is_scanned = bool(card.token)
        contacts = contact_list(card.ordered_contacts(), site, reader, is_scanned=is_scanned)
    if card.shows_facts:
        path = f"/report/{card.token or f'a/{card.code.digits}'}{page.query}"
        contacts = joined(contacts, page.parts["report"](path))
    nearby = nearby_list(card.places_nearby, site, reader)
    data = data_list(card.data_here, site, reader)
    if reader.view is View.ELDER:
        way = _place(card, local, page) if card.entrance else EMPTY
        body = joined(first, contacts, way, nearby, _story(card, page), data)
    else:
        offered = service_list(card.offered, card.code.digits, site, reader)
        facts = joined(nearby, _facts(card, page), _story(card, page), offered, data)
        rest = (_place(card, local, page), facts)
        column = page.parts["column"]
        body = joined(*[column(one) for one in (first, contacts, *rest) if one])
    title = local if is_chinese else card.romanised or card.spelled or " ".join(card.groups)
    return title, body


def _face(card: ScanCard, groups: str, notice: StateNotice, page: PageTemplates) -> Html:
    """The drawn plate; grey if plate or address has ended."""
    parts, numbers = page.parts, card.numbers
    estate = parts["below_name"](card.estate) if card.estate else EMPTY
    pinyin = parts["pinyin"](card.pinyin) if card.pinyin else EMPTY
    number = parts["number"]
    return parts["face"](
        _GONE if notice.is_gone else EMPTY,
        _MANY if len(numbers) > 1 else EMPTY,
        card.street,
        joined(estate, pinyin),
        joined(*[number(one.bare, one.quantifier) for one in numbers]),
        EMPTY if card.state is CardState.VOID else parts["code"](groups),
        EMPTY if notice.is_good else _WARN,
        page.words(notice.label),
    )


def _notice(card: ScanCard, notice: StateNotice, page: PageTemplates) -> Html:
    """The notice about the state, its reason, and links to successors."""
    if not notice.title:
        return EMPTY
    _, parts = page.words, page.parts
    whys = [parts["reason"](card.reason)] if card.reason else []
    if card.state is CardState.OTHER_TEXT:
        whys.insert(0, parts["printed"](card.printed))
    if card.state is CardState.ADDRESS_DIVIDED:
        names = "、".join(one.local_text for one in card.successors)
        whys.insert(0, parts["divided"](card.local_text, names))
    if card.successor and card.successor.since:
        whys.append(parts["plain"](_.day(card.successor.since)))
    more = parts["why"](Html(" · ".join(whys))) if whys else EMPTY
    if card.state is not CardState.ADDRESS_DIVIDED:
        more = joined(more, _leads(card, notice, page))
    tone = EMPTY if notice.speaks else _WARN
    return parts["notice"](tone, _(notice.title), _(notice.text), more)


def _leads(card: ScanCard, notice: StateNotice, page: PageTemplates) -> Html:
    """The links to the successors."""
    _, found = page.words, EMPTY
    for successor in card.successors if notice.lead else ():
        href = successor.path + page.query
        label = _("已注销") if successor.has_ended else _(notice.lead)
        found = joined(found, page.parts["lead"](href, label, successor.local_text))
    return found


def _place_names(card: ScanCard, notice: StateNotice, page: PageTemplates) -> Html:
    """The divisions of the address, and the request to compare page and plate."""
    if card.state is CardState.VOID:
        return EMPTY
    if page.reader.language is not Language.ZH and card.romanised:
        path = page.parts["romanised_path"](card.romanised)
    else:
        name = page.parts["path_name"]
        path = page.parts["path"](joined(*[name(part) for part in card.division_path]))
    checks = notice.checks and not notice.is_gone
    return joined(path, page.parts["check"]() if checks else EMPTY)


def _emergency(card: ScanCard, site: Site, local: str, groups: str, page: PageTemplates) -> Html:
    """The emergency numbers, the sentence to read aloud, and the SMS link if there is a number."""
    parts = page.parts
    if card.state is CardState.VOID:
        return parts["fraud"]()
    if not STATE_NOTICES[card.state].speaks:
        return joined(parts["emergency"](), parts["unsure"](page.words(UNSURE)))
    successor = card.successor
    if card.state is CardState.ADDRESS_DIVIDED:
        names = "、".join(one.local_text for one in card.successors)
        values = (card.spoken_divisions, local, names, groups)
        line = parts["say_divided"](*values)
        spoken = "我在{}原{}，这里已分为{}，不知是哪一个，旧地址编码 {}。".format(*values)
    elif card.state is CardState.ADDRESS_REPLACED and successor and successor.code:
        values = (successor.spoken, successor.local_text, local, successor.code)
        line = parts["say_formerly"](*values)
        spoken = "我在{}{}，旧门牌是{}，地址编码 {}。".format(*values)
    else:
        divisions = card.spoken_divisions
        line = parts["say"](divisions, local, groups)
        spoken = f"我在{divisions}{local}，地址编码 {groups}。"
    elder = page.reader.view is View.ELDER
    aloud = parts["aloud"](spoken.translate(_FIGURES)) if elder else EMPTY
    message = EMPTY
    if number := site.sms_alarm_in(card.division) if site.sms_alarms else "":
        text = quote(f"{spoken}我需要帮助，现在不方便说话。", safe="")
        message = parts["sms"](f"sms:{number}?&body={text}", number)
    return joined(parts["emergency"](), line, aloud, message)


def _place(card: ScanCard, local: str, page: PageTemplates) -> Html:
    """The sketch with its caption, and the links to map applications.

    The elder view has no sketch, and shows the links only for a known entrance.
    """
    if not card.shows_facts or card.point is None:
        return EMPTY
    drawn, _ = EMPTY, page.words
    if card.sketch and page.reader.view is not View.ELDER:
        caption = sketch_sentence(card.sketch.caption, _)
        label = _("位置示意图：{caption}", caption=caption)
        north = _("北")[:1].upper()  # 北, N
        drawing = Html(sketch_svg(card.sketch, label, north, _("50 米")))
        drawn = joined(drawing, page.parts["caption"](caption))
    name = local
    if card.entrance:
        label = card.entrance.label
        note = _("地图指到入口")
        if label and _.language is Language.ZH:
            note += f"（{label}）"
        drawn = joined(drawn, page.parts["note"](note))
        name = f"{local}{label}入口"
    links = map_links(card.point, name, card.standard_text)
    return page.parts["place"](drawn, links.amap, links.tencent, links.baidu, links.system)


def _facts(card: ScanCard, page: PageTemplates) -> Html:
    """The full address in Chinese and pinyin, and the link to the address card."""
    parts = page.parts
    if not card.shows_facts:
        return EMPTY
    areas = " · ".join(filter(None, (card.community, card.grid)))
    rows = (
        parts["standard"](card.standard_text),
        parts["romanised"](card.romanised) if card.romanised else EMPTY,
        parts["spelled"](card.spelled) if card.spelled else EMPTY,
        parts["areas"](areas) if areas else EMPTY,
    )
    href = f"/card/{card.token}.pdf{page.query}"
    paper = parts["paper"](href) if card.is_printable else EMPTY
    return joined(parts["facts"](joined(*rows)), paper)


def _story(card: ScanCard, page: PageTemplates) -> Html:
    """The story line, if there is one to show."""
    if card.story is None or not card.shows_facts:
        return EMPTY
    return story_line(card.story, page)


def story_line(story: Story, page: PageTemplates) -> Html:
    """One line about the place name with a link to its page; Chinese if there is no English."""
    is_english = page.reader.language is not Language.ZH and bool(story.en)
    line = (
        page.parts["story_line"](story.en) if is_english else page.parts["story_line_zh"](story.zh)
    )
    return page.parts["story"](story.path + page.query, story.name, line)


REFERRER = "menpai"


@dataclass(frozen=True, slots=True)
class MapLinks:
    """One URL per map application; ``system`` is the ``geo:`` URI."""

    amap: str
    tencent: str
    baidu: str
    system: str


def map_links(point: Point, name: str, address: str) -> MapLinks:
    """Return the links for a CGCS2000 point.

    Args:
        point: where the marker goes.
        name: the label of the marker, such as 河坊街88号.
        address: the full standard address.
    """
    gcj02, bd09 = vendor_points(point)
    name, address = _quote(name), _quote(address)
    place, amap = f"{point.lat:.6f},{point.lon:.6f}", f"{gcj02.lon:.6f},{gcj02.lat:.6f}"
    return MapLinks(
        amap=f"https://uri.amap.com/marker?position={amap}&name={name}"
        f"&coordinate=gaode&callnative=1&src={REFERRER}",
        tencent=f"https://apis.map.qq.com/uri/v1/marker?marker=coord:{gcj02.lat:.6f},"
        f"{gcj02.lon:.6f};title:{_plain(name)};addr:{_plain(address)}&referer={REFERRER}",
        baidu=f"https://api.map.baidu.com/marker?location={bd09.lat:.6f},{bd09.lon:.6f}"
        f"&title={name}&content={address}&coord_type=bd09ll&output=html&src={REFERRER}",
        system=f"geo:{place}?q={place}({name})",
    )


def _quote(text: str) -> str:
    return quote(text, safe="")


def _plain(quoted: str) -> str:
    """Replace ; and : which separate the fields of Tencent's marker parameter."""
    return quoted.replace("%3B", "%20").replace("%3A", "%20")
