"""The settings of reports of residents: how many are taken, and how long they are kept."""

from pydantic import Field
from pydantic_settings import BaseSettings


class ReportSettings(BaseSettings):
    """The part of the settings that is about reports of residents."""

    report_limit: int = Field(
        default=60,
        ge=1,
        description="每个网络地址每小时可提交的居民报告数；手机共用运营商地址，不宜过小。"
        "Reports of residents an hour and client address (IPv6: /64); phones share addresses of "
        "their carrier.",
    )
    report_plate_limit: int = Field(
        default=6,
        ge=1,
        description="每块门牌每小时受理的居民报告数。Reports an hour that are taken of one plate.",
    )
    report_grid_limit: int = Field(
        default=60,
        ge=1,
        description="每个网格每小时受理的居民报告数；超过后只受理还没有人报告过的门牌。"
        "Reports an hour that are taken from one grid; beyond it, only of plates that nobody has "
        "reported.",
    )
    report_total_limit: int = Field(
        default=20_000,
        ge=1,
        description="全部居民报告每小时的上限。Reports an hour that are taken in all.",
    )
    report_photo_limit: int = Field(
        default=200,
        ge=0,
        description="居民报告每小时可附的照片数，0 为不收照片。"
        "Photos an hour that reports may bring in all; 0 takes none.",
    )
    report_photo_megabytes: int = Field(
        default=2048,
        ge=0,
        description="居民报告的照片最多占用的存储空间（MB），满后只收文字。"
        "Room for photos of reports in MB; when it is full, reports come without one.",
    )
    report_kept_days: int = Field(
        default=90,
        ge=1,
        description="居民报告办结多少天后删除文字和照片，只留事项、状态和答复。"
        "Days after the answer until text and photo of a report are deleted; its kind, state and "
        "answer stay.",
    )
