"""All settings of Menpai: one class, read once from the environment (MENPAI_*)."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from qr.public_host import EXAMPLE
from service.core.alarm_settings import AlarmSettings
from service.core.base_maps import BaseMapUrl
from service.core.connection_urls import read_database_url
from service.core.deadline_settings import DeadlineSettings
from service.core.faults import EnvironmentFault
from service.core.homes import user_home
from service.core.limit_settings import LimitSettings
from service.core.public_urls import PublicUrl
from service.core.report_settings import ReportSettings
from service.core.setting_lists import HostList, NetworkList, NumbersByDivision
from service.core.sign_in_settings import SignInSettings
from service.core.webhook_settings import WebhookSettings


class Settings(
    SignInSettings,
    LimitSettings,
    WebhookSettings,
    AlarmSettings,
    ReportSettings,
    DeadlineSettings,
):
    """The settings of an operator; docs/settings.md is generated from this class."""

    model_config = SettingsConfigDict(
        env_prefix="MENPAI_", frozen=True, env_ignore_empty=True, extra="ignore"
    )

    home: Path = Field(
        default_factory=user_home,
        description="Folder of the private cluster and of all other data of Menpai.",
    )
    database_url: str | None = Field(
        default=None,
        repr=False,
        description="Database as the role menpai_app; when unset, Menpai creates and runs a "
        "private cluster in its home. It may name several hosts in libpq syntax: with "
        "?target_session_attrs=read-write the primary is used.",
    )
    owner_database_url: str | None = Field(
        default=None,
        repr=False,
        description="The same database as the role menpai_owner, for migrations, backup and "
        "restore only; when unset, MENPAI_DATABASE_URL is used for them too.",
    )
    read_database_url: str | None = Field(
        default=None,
        repr=False,
        description="热备库：居民扫码、查码和部门读取走这里；它落后于已知变更时改走主库，撤下的联系人不会重现。"
        "A hot standby by streaming replication, as the role menpai_app: scans, look-ups and other "
        "reads of residents and departments go there while it has replayed all known changes, "
        "else to MENPAI_DATABASE_URL; when unset, all reads do.",
    )
    public_url: PublicUrl = Field(
        default="",
        description=f"Scheme and host printed in every QR symbol, without path, such as {EXAMPLE}: "
        "https and a public DNS name. Without it only trial plates (试印) are made.",
    )
    further_hosts: HostList = Field(
        default=(),
        description="Host names besides that of MENPAI_PUBLIC_URL under which pages and API are "
        "served, separated by commas; scans and health checks are served under any.",
    )
    api_page: bool | None = Field(
        default=None,
        description="Whether /docs shows the API reference; when unset, in a demo only. The "
        "OpenAPI document is at /openapi.json in any case.",
    )
    qr_case: Literal["scheme", "lower", "upper"] = Field(
        default="scheme",
        description="Letter case of a QR payload: scheme (scheme in lower case, host and token in "
        "upper case), lower or upper.",
    )
    files_url: str | None = Field(
        default=None,
        repr=False,
        description="Where files are stored, as an fsspec URL such as s3://bucket/menpai; when "
        "unset, in the folder files in the home.",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        description="Secret of at least 32 characters that keys the audit chain and signs its "
        "heads; the same on every machine of one register. When unset, a private cluster uses its "
        "own in the file secret-keys of the home.",
    )
    former_secret_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        default=(),
        description="Former values of MENPAI_SECRET_KEY, newest first, separated by commas; they "
        "verify what was signed with them.",
    )
    trusted_proxies: NetworkList = Field(
        default=(),
        description="Addresses or networks of reverse proxies whose X-Forwarded headers are "
        "believed, separated by commas.",
    )
    photo_limit: int = Field(
        default=300, ge=1, description="Photos a day of an account, a program or the command line."
    )
    crew_proof: Literal["", "photo", "position", "both"] = Field(
        default="",
        description="安装打卡必须有的：photo 照片，position 位置，both 两样；不设都可不填。"
        "What is needed to record a plate as hung: photo, position or both; when unset, neither.",
    )
    env: Literal["demo", "production"] = Field(
        default="production",
        validate_default=True,
        description="demo serves example data under any host, and all its plates are trial plates "
        "(试印); production refuses to serve without a public URL, with example data, with "
        "accounts or a secret of a demo, or as a superuser of the database.",
    )
    font: Path | None = Field(
        default=None,
        description="Font (.otf, .ttf, .ttc) for plates, cards and proof sheets; when unset, Noto "
        "Sans CJK SC Bold. Missing glyphs come from that, then HanaMin (rare characters).",
    )
    operator: str = Field(
        default="",
        description="Name of the operating authority (主办单位) in the page footer, and on the "
        "plates of divisions for which `menpai divisions imprint` names no issuer (监制).",
    )
    icp_number: str = Field(default="", description="ICP filing number (ICP 备案号) in the footer.")
    police_filing_number: str = Field(
        default="", description="Public security filing number (公安备案号) in the page footer."
    )
    batch_approval_above: int = Field(
        default=100,
        ge=0,
        description="Plates per day that one person may issue without a second person's approval, "
        "in batches, singly and as replacements; nobody ever approves their own batch.",
    )
    import_approval_above: int = Field(
        default=5000, ge=0, description="Addresses a day that one person may import at the desk."
    )
    address_approval_above: int = Field(
        default=50, ge=1, description="Addresses that one person may change at once at the desk."
    )
    grant_approval_above: int = Field(
        default=10_000,
        ge=0,
        description="一名管理员每天授权部门程序成批读取的地址数，超过须另一名管理员审批。"
        "Addresses a day that one administrator may let programs read in bulk (addresses:read, "
        "changes:read) without a second person's approval.",
    )
    feed_kept_days: int = Field(
        default=366,
        ge=31,
        description="变更流水保留天数：更早的变更按月清除，之后才来取的部门须重新取一份全量。"
        "Days for which the change feed is kept; older changes are dropped month by month.",
    )
    run_files_kept_days: int = Field(
        default=7, ge=1, description="任务结果保留天数。Days for which files of runs are kept."
    )
    scan_counts_kept_days: int = Field(
        default=90,
        ge=31,
        le=90,
        description="每块门牌每小时扫码次数的保留天数。Days that hourly scan counts are kept.",
    )
    sms_alarm: NumbersByDivision = Field(
        default=(),
        description="Numbers that receive an alarm as a text message, by division, such as "
        "3301=12110,33=12110; the longest prefix wins, and without a match no page offers it.",
    )
    code_link_hosts: HostList = Field(
        default=(),
        description="办事服务的链接可以把地址编码带给哪些网站；不设则都不带。Hosts to which links "
        "of services may carry the address code (`{code}`), separated by commas; when unset, none.",
    )
    base_map_url: BaseMapUrl = Field(
        default="",
        description="后台地图的底图地址，含 {z} {x} {y}，如本省天地图服务；"
        "不设时只画登记的内容，不连外部网站。"
        "必须是 CGCS2000 或 WGS84 坐标的底图（天地图）；"
        "高德、腾讯、百度的底图有偏移，点位会错开约 500 米。"
        "URL of map pictures (Web Mercator, 256 px) under the maps of the desk, with {z}, {x} and "
        "{y}; browsers of staff then ask that host, which must allow it (CORS). It must be in "
        "WGS84 or CGCS2000, not GCJ-02.",
    )
    base_map_note: str = Field(
        default="",
        validate_default=True,
        description="底图的版权和审图号，显示在地图上，如“天地图 GS（2024）0568号”；设底图时必填。"
        "Copyright and map approval number (审图号) of that base map, shown on every map.",
    )
    language: Literal["zh", "en"] | None = Field(
        default=None,
        description="命令行的语言；不设随系统。Language of commands; when unset, by the locale.",
    )
    timezone: str = Field(
        default="Asia/Shanghai",
        description="Time zone in which times are shown, and by whose calendar days rules apply.",
    )

    @field_validator("home", mode="after")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @field_validator("database_url", "owner_database_url", "read_database_url")
    @classmethod
    def _speaks_psycopg(cls, url: str | None) -> str | None:
        return None if url is None else read_database_url(url)

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None and len(key.get_secret_value()) < 32:
            raise ValueError("must have at least 32 characters; make one: openssl rand -base64 32")
        return key

    @field_validator("former_secret_keys", mode="before")
    @classmethod
    def _secrets_of_list(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(SecretStr(part.strip()) for part in value.split(",") if part.strip())

    @field_validator("env")
    @classmethod
    def _safe_provider(cls, env: str, others: ValidationInfo) -> str:
        if env != "demo" and others.data.get("oidc_issuer", "").startswith("http:"):
            raise ValueError("demo only: MENPAI_OIDC_ISSUER is not https")
        return env

    @field_validator("base_map_note")
    @classmethod
    def _approved_map(cls, note: str, others: ValidationInfo) -> str:
        if others.data.get("base_map_url") and not note.strip():
            raise ValueError("must give the map approval number (审图号) of MENPAI_BASE_MAP_URL")
        return note.strip()

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("is not an IANA time zone, such as Asia/Shanghai") from None
        return name

    @property
    def shows_api_page(self) -> bool:
        """Whether /docs is served."""
        return self.env == "demo" if self.api_page is None else self.api_page


def load_settings() -> Settings:
    """Read the settings from the environment.

    Raises:
        EnvironmentFault: a variable has an invalid value; names the variable, never the value.
    """
    try:
        return Settings()
    except ValidationError as error:
        wrong = [(f"MENPAI_{str(e['loc'][0]).upper()}", e["msg"]) for e in error.errors()]
        sentences = "; ".join(f"{n}: {text.removeprefix('Value error, ')}" for n, text in wrong)
        raise EnvironmentFault(
            f"a setting is invalid: {sentences}",
            hint="correct the variable or unset it; docs/settings.md says what each may be",
        ) from None


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Return the settings of this process, read once; for the command line and servers only."""
    return load_settings()
