"""Ready answers to reports of residents: the words that a follower reads, and what they mean."""

from dataclasses import dataclass

from address_model.reports import SOLVED_BY_NEW_PLATE, ReportKind, ReportState

BROKEN, WRONG, PHONE, PLACE, OTHER = ReportKind


@dataclass(frozen=True, slots=True)
class ReadyAnswer:
    """One answer in both languages; ``kinds`` are the reports that it fits."""

    state: ReportState
    zh: str
    en: str
    kinds: tuple[ReportKind, ...]


_DONE, _UNFOUNDED = ReportState.DONE, ReportState.UNFOUNDED
RENEWED = ReadyAnswer(
    _DONE, "已经换上新门牌。", "A new plate has been put up.", SOLVED_BY_NEW_PLATE
)
HUNG = ReadyAnswer(_DONE, "门牌已经装好。", "The plate has been put up.", (BROKEN,))
REPAIRED = ReadyAnswer(_DONE, "门牌已经修好。", "The plate has been repaired.", (BROKEN,))
TAKEN_DOWN = ReadyAnswer(
    _DONE,
    "这个地址已经终止，门牌已经取下。",
    "This address has ended, and its plate has been taken down.",
    tuple(ReportKind),
)
VISITED = ReadyAnswer(
    _DONE, "已经派人办理。", "Somebody has dealt with it on site.", tuple(ReportKind)
)
"""What is said where the outcome is none of the others."""

READY_ANSWERS = (
    REPAIRED,
    RENEWED,
    HUNG,
    ReadyAnswer(
        _DONE,
        "信息已经更正，请重新扫码查看。",
        "The information has been corrected: please scan the plate again.",
        (WRONG, OTHER),
    ),
    ReadyAnswer(
        _DONE,
        "电话已经更新，请重新扫码查看。",
        "The telephone number has been updated: please scan the plate again.",
        (PHONE,),
    ),
    ReadyAnswer(
        _DONE,
        "位置已经更正，请重新扫码查看。",
        "The position has been corrected: please scan the plate again.",
        (PLACE,),
    ),
    ReadyAnswer(_DONE, "已经办好。", "It has been dealt with.", (OTHER,)),
    ReadyAnswer(
        _UNFOUNDED,
        "到现场看过，门牌完好，可以扫码。",
        "We looked at the plate: it is sound, and can be scanned.",
        (BROKEN,),
    ),
    ReadyAnswer(
        _UNFOUNDED,
        "核对过登记的内容，没有发现错误。",
        "We checked what is registered, and found no mistake.",
        (WRONG, OTHER),
    ),
    ReadyAnswer(
        _UNFOUNDED,
        "电话打过，可以接通；办公时间以外请稍后再打。",
        "We called the number, and it was answered; outside office hours please call again later.",
        (PHONE,),
    ),
    ReadyAnswer(
        _UNFOUNDED,
        "到现场核对过，位置没有错。",
        "We checked on site: the position is right.",
        (PLACE,),
    ),
)
"""What the desk and the crew choose from, the most usual first."""

OF_PLATES = {
    "已换新牌": RENEWED,
    "已安装": HUNG,
    "已安装空白牌": HUNG,
    "已修复": REPAIRED,
    "已取下带回": TAKEN_DOWN,
}
"""By the outcome with which work on a plate is closed when its plate is hung, repaired, removed."""

_ALL = (*READY_ANSWERS, TAKEN_DOWN, VISITED)


def list_answers(*kinds: ReportKind, state: ReportState | None = None) -> list[ReadyAnswer]:
    """The ready answers that fit any of some kinds, of both states or of one."""
    return [
        one for one in READY_ANSWERS if set(kinds) & set(one.kinds) and state in (None, one.state)
    ]


def answer_of(outcome: str) -> ReadyAnswer:
    """What the outcome of a work item tells the follower: never a note behind it, which is ours."""
    if outcome in OF_PLATES:
        return OF_PLATES[outcome]
    return next((one for one in _ALL if outcome.startswith(one.zh)), VISITED)


def translate_answer(answer: str) -> tuple[str, str]:
    """The English of an answer's ready words, and an officer's own words, which stay Chinese."""
    for one in _ALL:
        if answer.startswith(one.zh):
            return one.en, answer[len(one.zh) :].strip()
    return "", answer
