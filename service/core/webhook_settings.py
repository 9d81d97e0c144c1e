"""The settings of what is sent to departments' programs."""

from pydantic import Field
from pydantic_settings import BaseSettings

from service.core.setting_lists import NetworkList


class WebhookSettings(BaseSettings):
    """A part of ``Settings``."""

    webhook_networks: NetworkList = Field(
        default=(),
        description="推送（webhook）除公网外还可以发往哪些网段，如政务外网的 10.20.0.0/16；"
        "不设时只发往公网主机的 443 端口。"
        "Networks that webhooks may reach besides https on port 443 of the Internet, separated by "
        "commas: any port there, and plain http on loopback.",
    )
