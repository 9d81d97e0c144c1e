"""The settings of how staff sign in: sessions, authenticators, a provider."""

from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator
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
    oidc_issuer: str = Field(
        default="",
        description="统一身份认证（OpenID Connect）的发行方网址，与其发布的 issuer 完全一致；"
        "设了它，登录页多一个入口，账号由管理员逐个绑定。"
        "URL of the identity provider (OpenID Connect) as it calls itself; it is https outside "
        "a demo, and only its host is asked.",
    )
    oidc_client_id: str = Field(
        default="",
        description="在统一身份认证处登记的应用标识，回调网址是 MENPAI_PUBLIC_URL 加 "
        "/admin/sign-in/provider/back。"
        "Our client id at that provider; the redirect URI to register there is "
        " MENPAI_PUBLIC_URL and /admin/sign-in/provider/back.",
    )
    oidc_client_secret: SecretStr | None = Field(
        default=None,
        validate_default=True,
        description="该应用的密钥。The secret of that client.",
    )
    oidc_name: str = Field(
        default="统一身份认证",
        description="登录页上这个入口的名称，如“浙政钉”。What the sign-in page calls the provider.",
    )

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer_url(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError("must be a URL such as https://sso.example.gov.cn/realms/city")
        if parts.query or parts.fragment or parts.username:
            raise ValueError("must have no query, fragment or name")
        return url

    @field_validator("oidc_client_secret")
    @classmethod
    def _whole_client(cls, secret: SecretStr | None, others: ValidationInfo) -> SecretStr | None:
        if others.data.get("oidc_issuer") and not (secret and others.data.get("oidc_client_id")):
            raise ValueError("MENPAI_OIDC_ISSUER needs this and MENPAI_OIDC_CLIENT_ID")
        return secret
