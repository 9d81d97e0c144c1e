"""Tells a resident which part of a text to take out, in plain words."""

from address_model.report_text import PersonalKind, find_personal_parts, tidy_text
from address_model.reports import LONGEST_TEXT
from service.core.words import Words, mark

TOO_LONG = mark("最多写 {most} 个字，现在有 {count} 个，请写短一些。")
REASONS = {
    PersonalKind.PHONE: mark("请去掉“{part}”：不要写电话号码，我们不打电话给您。"),
    PersonalKind.ID_NUMBER: mark("请去掉“{part}”：不要写身份证号。"),
    PersonalKind.LONG_NUMBER: mark("请去掉“{part}”：不要写这样的一长串数字。"),
    PersonalKind.NAME: mark("请去掉“{part}”：不要写姓名，您的和别人的都不要写。"),
    PersonalKind.ACCOUNT: mark("请去掉“{part}”：不要写微信、QQ 等账号。"),
    PersonalKind.MAIL: mark("请去掉“{part}”：不要写邮箱。"),
    PersonalKind.VEHICLE: mark("请去掉“{part}”：不要写车牌号。"),
    PersonalKind.LINK: mark("请去掉“{part}”：不要写网址。"),
}


def screen_text(typed: str, words: Words) -> tuple[str, list[str]]:
    """The text as it is kept, and what its sender has to take out before it can be sent."""
    text = tidy_text(typed[: 10 * LONGEST_TEXT])
    if len(text) > LONGEST_TEXT:
        return text, [words(TOO_LONG, most=LONGEST_TEXT, count=len(text))]
    parts = find_personal_parts(text)
    return text, [words(REASONS[one.kind], part=text[one.start : one.end]) for one in parts]
