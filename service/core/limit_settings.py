"""The settings of how often one client address may ask."""

from pydantic import Field
from pydantic_settings import BaseSettings


class LimitSettings(BaseSettings):
    """A part of ``Settings``."""

    unknown_token_limit: int = Field(
        default=20,
        ge=1,
        description="Scans of tokens that are on no plate, per minute and client address (IPv6: "
        "/64); scans of plates are never limited.",
    )
    code_lookup_limit: int = Field(
        default=60, ge=1, description="Look-ups by code, per hour and client address (IPv6: /64)."
    )
    card_limit: int = Field(
        default=60, ge=1, description="Address cards (PDF) per hour and client address (IPv6: /64)."
    )
    door_search_limit: int = Field(
        default=60,
        ge=1,
        description="首页按地址查门牌，每个网络地址每小时最多几次。"
        "Searches by address on the home page, per hour and client address (IPv6: /64).",
    )
    sign_in_limit: int = Field(
        default=20,
        ge=1,
        description="Sign-in attempts of staff, per minute and client address (IPv6: /64), not "
        "counting known browsers; five wrong passwords for one account lock that network out of "
        "it for a while.",
    )
    total_limit_times: int = Field(
        default=50,
        ge=1,
        description="The limit of all client addresses together, as a multiple of each of these "
        "five limits: guessing from many addresses is no faster.",
    )
