"""The page of a plate, put together from parts: nothing is rendered while a scan waits.

A pure function of card, site and reader, so that whoever keeps pages knows what they depend on.
"""

from urllib.parse import quote

from service.core.html import NOT_INDEXED, PRIVATE, PUBLIC, SCRIPTED, Html, joined
from service.core.words import Language
from service.heritage.stories import Story
from service.scans.captions import sketch_sentence
from service.scans.card import CardState, ScanCard
from service.scans.contact_list import contact_list
from service.scans.maps import map_links
from service.scans.reader import Reader, View
from service.scans.site import Site
from service.scans.sketch import sketch_svg
from service.scans.states import STATE_NOTICES, UNSURE, StateNotice
from service.scans.template_parts import EMPTY, PageParts, parts_of

_GONE, _MANY, _WARN = Html(" gone"), Html(" many"), Html(" warn")
_FIGURES = str.maketrans({str(n): f"{figure} " for n, figure in enumerate("零一二三四五六七八九")})


def render_plate(card: ScanCard, site: Site, reader: Reader) -> str:
    """Return the page of a card as HTML."""
    frame = parts_of(site, reader).frames[card.is_demo or site.is_demo]
    return frame(*title_and_body(card, site, reader))


def plate_pieces(card: ScanCard, site: Site, reader: Reader) -> tuple[bytes, ...]:
    """Return the same page in pieces of UTF-8; what all pages have in common is not copied."""
    frame = parts_of(site, reader).frames[card.is_demo or site.is_demo]
    return frame.around(*title_and_body(card, site, reader))


def card_headers(card: ScanCard, view: View = View.STANDARD) -> dict[str, str]:
    """The headers of a card's page beyond those of every page.

    No cache may keep a page that shows a contact; the elder view may run our reading-aloud script.
    """
    kept = PRIVATE if card.shows_person else PUBLIC
    return NOT_INDEXED | kept | (SCRIPTED if view is View.ELDER else {})


def title_and_body(card: ScanCard, site: Site, reader: Reader) -> tuple[str, Html]:
    """Return what stands in the frame of a page: its title, and its content."""
    kit = parts_of(site, reader)
    local, groups = card.local_text, " ".join(card.groups)
    telling = STATE_NOTICES[card.state]
    first = joined(
        _face(card, groups, telling, kit),
        kit.parts["trial"]() if card.is_trial else EMPTY,
        _notice(card, telling, kit),
        _place_names(card, telling, kit),
        _emergency(card, site, local, groups, kit),
        _leads(card, telling, kit) if card.state is CardState.ADDRESS_DIVIDED else EMPTY,
        kit.parts["views"](),
    )
    contacts = EMPTY
    if card.state is not CardState.VOID:
        contacts = contact_list(card.ordered_contacts(), site, reader)
    if reader.view is View.ELDER:
        way = _place(card, local, kit) if card.entrance else EMPTY
        body = joined(first, contacts, way, _story(card, kit))
    else:
        rest = (
            _place(card, local, kit),
            joined(_facts(card, kit), _story(card, kit), _services(card, site, kit)),
        )
        column = kit.parts["column"]
        body = joined(*[column(one) for one in (first, contacts, *rest) if one])
    is_chinese = reader.language is Language.ZH
    title = local if is_chinese else card.romanised or card.spelled or " ".join(card.groups)
    return title, body


def _face(card: ScanCard, groups: str, telling: StateNotice, kit: PageParts) -> Html:
    """The plate as it hangs on the wall; in grey when it stands for nothing any more."""
    parts, numbers = kit.parts, card.numbers
    estate = parts["below_name"](card.estate) if card.estate else EMPTY
    pinyin = parts["pinyin"](card.pinyin) if card.pinyin else EMPTY
    number = parts["number"]
    return parts["face"](
        _GONE if telling.is_gone else EMPTY,
        _MANY if len(numbers) > 1 else EMPTY,
        card.street,
        joined(estate, pinyin),
        joined(*[number(one.bare, one.quantifier) for one in numbers]),
        EMPTY if card.state is CardState.VOID else parts["code"](groups),
        EMPTY if telling.is_good else _WARN,
        kit.words(telling.label),
    )


def _notice(card: ScanCard, telling: StateNotice, kit: PageParts) -> Html:
    """What is the matter with this plate, why, and the way to what came after it."""
    if not telling.title:
        return EMPTY
    _, parts = kit.words, kit.parts
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
        more = joined(more, _leads(card, telling, kit))
    tone = EMPTY if telling.speaks else _WARN
    return parts["notice"](tone, _(telling.title), _(telling.text), more)


def _leads(card: ScanCard, telling: StateNotice, kit: PageParts) -> Html:
    """The ways to what came after an address; of a divided one below the call for help."""
    _, found = kit.words, EMPTY
    for successor in card.successors if telling.lead else ():
        href = successor.path + kit.reader.query
        label = _("已注销") if successor.has_ended else _(telling.lead)
        found = joined(found, kit.parts["lead"](href, label, successor.local_text))
    return found


def _place_names(card: ScanCard, telling: StateNotice, kit: PageParts) -> Html:
    """Where the address lies, and the request to compare it with the wall."""
    if card.state is CardState.VOID:
        return EMPTY
    if kit.reader.language is not Language.ZH and card.romanised:
        path = kit.parts["romanised_path"](card.romanised)
    else:
        name = kit.parts["path_name"]
        path = kit.parts["path"](joined(*[name(part) for part in card.division_path]))
    checks = telling.checks and not telling.is_gone
    return joined(path, kit.parts["check"]() if checks else EMPTY)


def _emergency(card: ScanCard, site: Site, local: str, groups: str, kit: PageParts) -> Html:
    """The numbers to dial, the line to read aloud, and the message where the police take one."""
    parts = kit.parts
    if card.state is CardState.VOID:
        return parts["fraud"]()
    if not STATE_NOTICES[card.state].speaks:
        return joined(parts["emergency"](), parts["unsure"](kit.words(UNSURE)))
    successor = card.successor
    if card.state is CardState.ADDRESS_DIVIDED:
        names = "、".join(one.local_text for one in card.successors)
        said = (card.spoken_divisions, local, names, groups)
        line = parts["say_divided"](*said)
        spoken = "我在{}原{}，这里已分为{}，不知是哪一个，旧地址编码 {}。".format(*said)
    elif card.state is CardState.ADDRESS_REPLACED and successor and successor.code:
        said = (successor.spoken, successor.local_text, local, successor.code)
        line = parts["say_formerly"](*said)
        spoken = "我在{}{}，旧门牌是{}，地址编码 {}。".format(*said)
    else:
        divisions = card.spoken_divisions
        line = parts["say"](divisions, local, groups)
        spoken = f"我在{divisions}{local}，地址编码 {groups}。"
    elder = kit.reader.view is View.ELDER
    aloud = parts["aloud"](spoken.translate(_FIGURES)) if elder else EMPTY
    return joined(parts["emergency"](), line, aloud, _message(card, site, spoken, kit))


def _message(card: ScanCard, site: Site, spoken: str, kit: PageParts) -> Html:
    """The way to an alarm by text message, its text written already, where there is a number."""
    number = site.sms_alarm_in(card.division) if site.sms_alarms else ""
    if not number:
        return EMPTY
    text = quote(f"{spoken}我需要帮助，现在不方便说话。", safe="")
    return kit.parts["sms"](f"sms:{number}?&body={text}", number)


def _place(card: ScanCard, local: str, kit: PageParts) -> Html:
    """The sketch with its sentence, and the ways into map applications.

    Elders read few words: they are shown the ways in where these lead to a known entrance.
    """
    if not card.shows_facts or card.point is None:
        return EMPTY
    drawn, _ = EMPTY, kit.words
    if card.sketch and kit.reader.view is not View.ELDER:
        caption = sketch_sentence(card.sketch.caption, _)
        label = _("位置示意图：{caption}", caption=caption)
        north = _("北")[:1].upper()  # 北, N
        drawing = Html(sketch_svg(card.sketch, label, north, _("50 米")))
        drawn = joined(drawing, kit.parts["caption"](caption))
    name = local
    if card.entrance:
        label = card.entrance.label
        note = _("地图指到入口")
        if label and _.language is Language.ZH:
            note += f"（{label}）"
        drawn = joined(drawn, kit.parts["note"](note))
        name = f"{local}{label}入口"
    links = map_links(card.point, name, card.standard_text)
    return kit.parts["place"](drawn, links.amap, links.tencent, links.baidu, links.system)


def _facts(card: ScanCard, kit: PageParts) -> Html:
    """The whole address to copy, in Chinese and in pinyin; none where the address is gone."""
    parts = kit.parts
    if not card.shows_facts:
        return EMPTY
    areas = " · ".join(filter(None, (card.community, card.grid)))
    rows = (
        parts["standard"](card.standard_text),
        parts["romanised"](card.romanised) if card.romanised else EMPTY,
        parts["spelled"](card.spelled) if card.spelled else EMPTY,
        parts["areas"](areas) if areas else EMPTY,
    )
    href = f"/card/{card.token}.pdf{kit.reader.query}"
    paper = parts["paper"](href) if card.is_printable else EMPTY
    return joined(parts["facts"](joined(*rows)), paper)


def _story(card: ScanCard, kit: PageParts) -> Html:
    """One line about the name of the place, and the way to its page."""
    if card.story is None or not card.shows_facts:
        return EMPTY
    return story_line(card.story, kit)


def story_line(story: Story, kit: PageParts) -> Html:
    """The line itself, in the language of the page where it is told in it."""
    is_english = kit.reader.language is not Language.ZH and bool(story.en)
    line = kit.parts["story_line"](story.en) if is_english else kit.parts["story_line_zh"](story.zh)
    return kit.parts["story"](story.path + kit.reader.query, story.name, line)


def _services(card: ScanCard, site: Site, kit: PageParts) -> Html:
    if not site.services or card.state is CardState.VOID:
        return EMPTY
    is_chinese = kit.reader.language is Language.ZH
    rows = [
        kit.parts["service"](one.url, one.name if is_chinese else one.name_en or one.name)
        for one in site.services_in(card.division)
    ]
    return kit.parts["services"](joined(*rows)) if rows else EMPTY
