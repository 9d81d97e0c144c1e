"""The printable address card: its texts and its PDF."""

from functools import lru_cache
from pathlib import Path

from qr.card import AddressCard, write_card
from qr.fonts import find_fonts
from service.core.pool import RESIDENTS
from service.core.words import Words
from service.scans.card import ScanCard

_fonts = lru_cache(maxsize=4)(find_fonts)


def card_texts(card: ScanCard, _: Words) -> AddressCard:
    """The texts of an address card; the emergency sentence is Chinese in every language."""
    groups = " ".join(card.groups)
    return AddressCard(
        name=card.street,
        number="".join(str(number) for number in card.numbers),
        pinyin=card.pinyin,
        code=groups,
        numbers=(("110", _("报警")), ("119", _("火警")), ("120", _("急救"))),
        cue=_("求助时，照着念："),
        spoken=f"我在{card.spoken_divisions}{card.local_text}，地址编码 {groups}。",
        blanks=(_("家人"), _("网格员"), _("社区")),
        scan=_("扫码看最新联系人"),
        report=_("门牌坏了、信息不对：请告诉社区（村）服务窗口，或拨打 12345"),
        foot=_("凡是要求付款、登录或输入验证码的，都是假的"),
        payload=card.payload,
    )


def print_card(paper: AddressCard, font: Path | None) -> bytes:
    """Return the card as PDF: some 10 ms, plus half a second to load the fonts at the first."""
    return write_card(paper, _fonts(font))


@lru_cache(maxsize=200)
def printed_card(paper: AddressCard, font: Path | None) -> bytes:
    """The same, rendered in the residents' worker process; the last 200 are cached.

    Raises:
        ServerBusy: the queue of the worker process is full.
    """
    return RESIDENTS.compute(print_card, paper, font)
