"""The settings of alarms from scans; the defaults were chosen by a simulated town."""

from pydantic import Field
from pydantic_settings import BaseSettings


class AlarmSettings(BaseSettings):
    """A part of ``Settings``: the thresholds of ``service.alarms.rules``."""

    alarm_chance: float = Field(
        default=0.02,
        gt=0,
        lt=1,
        description="疑点：全库一天里允许凭巧合误报的机会，按当天判断的门牌数平摊到每一块。"
        "Alarms: the chance of one false alarm a day by luck alone, of each rule, shared out among "
        "all plates judged.",
    )
    alarm_extra_scans: int = Field(
        default=12,
        ge=1,
        description="疑点“疑似被翻拍”：连续三天，平均每天比平时至少多扫这么多次。"
        "Copied plates: extra scans a day, on average of three days running.",
    )
    alarm_silent_days: int = Field(
        default=12,
        ge=3,
        le=60,
        description="疑点“突然没人扫”：连续多少天几乎没有人扫。"
        "Silent plates: days with next to no scans.",
    )
    alarm_used_scans: float = Field(
        default=1.0,
        gt=0,
        description="疑点“突然没人扫”：平时每天至少扫多少次的门牌才看。"
        "Silent plates: scans a day, on average, that make a plate a much-used one.",
    )
    alarm_ended_scans: int = Field(
        default=10,
        ge=1,
        description="疑点“停用后还在被扫”“没挂先被扫”：七天里至少多少次，分在三天以上。"
        "Plates that ended or do not hang yet: scans in seven days, on three days at least.",
    )
    alarm_forged_scans: int = Field(
        default=18,
        ge=1,
        description="疑点“疑似伪造”：七天里开头相同、查无此牌的短码至少被扫多少次。"
        "Forgeries: scans in seven days of unknown tokens that begin alike.",
    )
    alarm_contact_scans: int = Field(
        default=30,
        ge=1,
        description="疑点“联系人久未核对”：七天里至少扫多少次的门牌才看。"
        "Unconfirmed contacts: scans in seven days that make a plate a much-scanned one.",
    )
    alarm_pause_days: int = Field(
        default=30,
        ge=0,
        description="疑点办结后多少天内，同一块门牌的同一种疑点不再报。"
        "Days after an alarm was closed in which the same rule is silent about the same subject.",
    )
    alarms_a_day: int = Field(
        default=20,
        ge=1,
        description="每个区县每天最多报多少件疑点，最可疑的在前，其余留到第二天再看。"
        "Alarms a day in a county at most, the most suspicious first; the rest wait a day.",
    )
