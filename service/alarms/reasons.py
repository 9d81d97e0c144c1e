"""Why an alarm was raised, in words that a grid worker understands and can act on."""

from address_model.alarms import AlarmRule
from service.alarms.signs import Sign


def reason_of(sign: Sign) -> str:
    """The reason of an alarm and of its work item: what is odd, and what to do."""
    return _WORDS[sign.rule](sign)


def _copied(sign: Sign) -> str:
    f = sign.figures
    at_night = "，夜里也扫" if f.at_night * 10 >= f.seen else ""
    return (
        f"这块门牌平时{_usual(f.usual)}，最近 {f.days} 天"
        f"每天约 {f.seen / f.days:.0f} 次{at_night}："
        "可能被翻拍贴到别处。请到现场看看，并留意附近的海报、告示。"
    )


def _silent(sign: Sign) -> str:
    f = sign.figures
    seen = f"只扫了 {f.seen} 次" if f.seen else "一次也没有人扫"
    return (
        f"这块门牌平时{_usual(f.usual)}，最近 {f.days} 天{seen}，附近的门牌照常："
        "可能丢失或被遮挡，请到现场看看。"
    )


def _ended(sign: Sign) -> str:
    return (
        f"这块门牌已经停用，最近 {sign.figures.days} 天还被扫了 {sign.figures.seen} 次："
        "可能没有取下，或被挂到别处。请到现场看看，没有取下的请取下。"
    )


def _unhung(sign: Sign) -> str:
    return (
        f"这块门牌还没有登记安装，最近 {sign.figures.days} 天已被扫了 {sign.figures.seen} 次："
        "可能挂了没有登记，或流到了外面。请到现场看看。"
    )


def _forged(sign: Sign) -> str:
    f = sign.figures
    return (
        f"以 {sign.subject} 开头、查无此牌的短码最近 {f.days} 天被扫了 {f.seen} 次"
        f"（平时约 {f.usual * f.days:.0f} 次）：可能有人成批伪造门牌。请向制牌单位和公安核实。"
    )


def _unconfirmed(sign: Sign) -> str:
    return (
        f"这块门牌最近 {sign.figures.days} 天被扫了 {sign.figures.seen} 次，"
        f"页面上{sign.detail}的联系人很久没有人核对：请核对姓名和电话，在责任人里确认。"
    )


def _usual(usual: float) -> str:
    return f"每天约 {usual:.0f} 次" if usual >= 1 else "很少有人扫"


_WORDS = {
    AlarmRule.COPIED: _copied,
    AlarmRule.SILENT: _silent,
    AlarmRule.ENDED: _ended,
    AlarmRule.UNHUNG: _unhung,
    AlarmRule.FORGED: _forged,
    AlarmRule.UNCONFIRMED: _unconfirmed,
}
