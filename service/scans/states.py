"""The notice for residents of each state of a card."""

from dataclasses import dataclass

from service.core.words import mark
from service.scans.card import CardState


@dataclass(frozen=True, slots=True)
class StateNotice:
    """The Chinese texts of a state: label on the plate, and the notice below it.

    ``is_gone`` greys out the plate; ``speaks`` shows the sentence for an emergency call. ``lead``
    labels the link to the successor; ``checks`` asks the reader to compare page and plate.
    """

    label: str
    title: str = ""
    text: str = ""
    lead: str = ""
    is_good: bool = False
    is_gone: bool = False
    speaks: bool = True
    checks: bool = True


STATE_NOTICES = {
    CardState.IN_USE: StateNotice(mark("在用"), is_good=True),
    CardState.NOT_YET: StateNotice(
        mark("待安装"),
        mark("这块门牌还没有登记安装"),
        mark("地址已经有效。求助前，请先看清门牌是不是挂在这个地址上。"),
    ),
    CardState.DAMAGED: StateNotice(
        mark("已报修"),
        mark("这块门牌已报修"),
        mark("地址仍然有效，工作人员会来换新门牌。"),
    ),
    CardState.LOST: StateNotice(
        mark("已报失"),
        mark("这块门牌已报失，可能被挪动过"),
        mark("下面是它登记的地址，您现在不一定在这里。捡到的，请交给附近的社区。"),
        speaks=False,
    ),
    CardState.REPLACED: StateNotice(
        mark("已更换"),
        mark("这块门牌已经换成新的"),
        mark("地址没有变，地图请看新门牌。"),
        mark("看新门牌"),
        is_gone=True,
    ),
    CardState.VOID: StateNotice(
        mark("已注销"),
        mark("这块门牌已经注销，不要相信它"),
        mark("这块门牌已不对应任何地址。如果它还挂在墙上，请告诉社区，或拨打 12345。"),
        is_gone=True,
        speaks=False,
    ),
    CardState.OTHER_TEXT: StateNotice(
        mark("文字待更换"),
        mark("这块门牌上的文字要更换"),
        mark("地址已经更正，以本页写的为准。工作人员会来换新门牌。"),
        checks=False,
    ),
    CardState.ADDRESS_DIVIDED: StateNotice(
        mark("地址已分开"),
        mark("这个地址已经分成几个"),
        mark("您在其中哪一个，这块旧门牌说不准，请以现场的新门牌为准。"),
        mark("看新地址"),
        is_gone=True,
    ),
    CardState.ADDRESS_REPLACED: StateNotice(
        mark("地址已变更"),
        mark("这里已经改用新地址"),
        mark("门牌上的旧地址仍能查到，办事、寄信请用新地址。"),
        mark("看新地址"),
        is_gone=True,
    ),
    CardState.ADDRESS_RETIRED: StateNotice(
        mark("地址已注销"),
        mark("这个地址已经注销"),
        mark("房屋可能已经拆除或合并。"),
        mark("看现在的地址"),
        is_gone=True,
        speaks=False,
    ),
    CardState.ADDRESS_INVALID: StateNotice(
        mark("地址无效"),
        mark("这个地址是误登记的，已经作废"),
        mark("该地址从未生效，请勿使用。"),
        mark("看正确的地址"),
        is_gone=True,
        speaks=False,
    ),
}

UNSURE = mark("不要照念这块门牌。请说出您看到的路名、店名或楼号，也可以问问旁边的人。")
