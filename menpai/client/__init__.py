"""The client of the API of Menpai (门牌): typed, and of the standard library alone.

>>> menpai = Client("https://mp.example.gov.cn", key="mp_…")
>>> menpai.resolve("杭州市上城区河坊街88号")["address"]["code"]
'3301029032882641'
"""

from menpai.client.client import Client
from menpai.client.credentials import ApiKey, ClientCredentials
from menpai.client.problems import (
    Conflict,
    Gone,
    KeyRefused,
    Malformed,
    NotAllowed,
    NotFound,
    Outdated,
    Problem,
    TooOften,
    Unavailable,
)
from menpai.client.signatures import verify_signature

__all__ = [
    "ApiKey",
    "Client",
    "ClientCredentials",
    "Conflict",
    "Gone",
    "KeyRefused",
    "Malformed",
    "NotAllowed",
    "NotFound",
    "Outdated",
    "Problem",
    "TooOften",
    "Unavailable",
    "verify_signature",
]
