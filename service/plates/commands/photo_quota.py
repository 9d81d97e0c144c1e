"""The daily quota of photos per sender, over all ways of sending."""

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.audit import commands as audit
from service.audit.queries import list_subjects_since
from service.core.actor import Actor
from service.core.clock import now_utc, start_of_day
from service.core.errors import TooOften
from service.core.quotas import Quota

PHOTO_LOCK = 0x6D656E76
"""With a hash of the actor, the advisory lock under which photos are counted."""

_ACTION = "photos:send"
_DAY = timedelta(days=1)


class PhotoQuotaReached(TooOften):
    """Your quota of photos for today is used up."""

    def __init__(self, quota: Quota) -> None:
        super().__init__(quota.reset_s, quota)
        self.detail = f"{quota.count} photos were sent today"
        self.hint = "record further visits without a photo, or send them tomorrow"
        self.zh = f"今天已经传了 {quota.count} 张照片：其余的请不带照片提交，或者明天再传。"


def count_photo(session: Session, digest: str, actor: Actor, most: int) -> Quota:
    """Count a photo, given by SHA-256, towards the daily quota of ``most``; return the quota.

    The same photo counts once per day. The transaction must hold no other locks.

    Raises:
        PhotoQuotaReached: the quota is used up.
    """
    begun = start_of_day()
    values = {"key": PHOTO_LOCK, "who": str(actor)}
    session.execute(text("select pg_advisory_xact_lock(:key, hashtext(:who))"), values)
    sent = list_subjects_since(session, str(actor), _ACTION, begun)
    left = most - len(sent | {digest})
    reset_s = max(1, int((begun + _DAY - now_utc()).total_seconds()))
    quota = Quota("photos", most, int(_DAY.total_seconds()), max(0, left), reset_s)
    if digest not in sent:
        if left < 0:
            raise PhotoQuotaReached(quota)
        audit.record(session, actor=actor, action=_ACTION, subject=digest)
    return quota
