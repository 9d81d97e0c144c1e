"""The settings of the days within which staff confirm contacts and answer residents."""

from pydantic import Field
from pydantic_settings import BaseSettings


class DeadlineSettings(BaseSettings):
    """A part of ``Settings``."""

    duty_confirm_days: int = Field(
        default=90,
        ge=1,
        description="责任人多少天要确认一次姓名和电话，到期的列在社区的工作台上。"
        "Days after which a duty is to be confirmed again; those due stand on the dashboard.",
    )
    report_rise_days: int = Field(
        default=7,
        ge=1,
        le=365,
        description="居民报告多少天没有答复就升一级督办：村（社区）、乡镇（街道）、县（市、区）。"
        "Days without an answer after which a report of a resident rises a level, and again after "
        "as many: community, township, county.",
    )
