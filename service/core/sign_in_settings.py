"""The settings of how staff sign in: sessions, authenticators."""

from pydantic import Field
from pydantic_settings import BaseSettings

from service.core.setting_lists import WordList


class SignInSettings(BaseSettings):
    """A part of ``Settings``."""

    session_idle_minutes: int = Field(
        default=60,
        ge=1,
        le=1440,
        description="Minutes without activity after which a member of staff is signed out; crews, "
        "grid workers and community officers with no other role sign in once a day.",
    )
    session_hours: int = Field(
        default=12,
        ge=1,
        le=168,
        description="Hours after which a session of a member of staff ends in any case.",
    )
    totp_roles: WordList = Field(
        default=(),
        description="须用动态验证码（TOTP）登录的角色，用逗号分开，如 administrator,approver；"
        "不设时各人自愿开通。Roles whose holders must join an authenticator app to their account "
        "before they can do anything, separated by commas; when unset, it is everybody's choice.",
    )
