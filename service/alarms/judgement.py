"""Judges one day: all rules over that day's and earlier scans, the most suspicious first."""

from collections import Counter
from dataclasses import replace
from datetime import date

from service.alarms.neighbours import Neighbours
from service.alarms.queries.out_of_use import list_out_of_use
from service.alarms.queries.rhythms import Rhythm, Sums, find_first_count, read_slices
from service.alarms.queries.unconfirmed import list_unconfirmed
from service.alarms.queries.unknown_tokens import list_beginnings
from service.alarms.rules.copied import LEAST_BASE_DAYS, judge_copied
from service.alarms.rules.forged import judge_forged
from service.alarms.rules.plain_facts import judge_out_of_use, judge_unconfirmed
from service.alarms.rules.silent import judge_silent
from service.alarms.signs import Sign
from service.alarms.windows import Windows
from service.core.clock import day_of
from service.core.database import Session
from service.core.settings import Settings

PARTS = 8
"""In how many slices the counts are read."""


def find_signs(session: Session, day: date, settings: Settings) -> list[Sign]:
    """What all rules find on a day, by chance: the least likely first. Writes nothing."""
    windows = windows_of(session, day, settings)
    signs = [
        *judge_out_of_use(list_out_of_use(session, windows, settings.alarm_ended_scans)),
        *judge_forged(list_beginnings(session, windows), settings),
        *_rhythm_signs(session, windows, settings),
        *judge_unconfirmed(
            list_unconfirmed(
                session, windows, settings.alarm_contact_scans, settings.duty_confirm_days
            )
        ),
    ]
    return sorted(signs, key=lambda sign: sign.figures.chance)


def windows_of(session: Session, day: date, settings: Settings) -> Windows:
    """The windows of a day; without any count, counting begins with it."""
    windows = Windows(day, settings.alarm_silent_days, day)
    first = find_first_count(session, windows.since)
    return replace(windows, counted_since=day_of(first)) if first else windows


def read_neighbours(
    session: Session, windows: Windows, settings: Settings
) -> tuple[Neighbours, list[Rhythm]]:
    """The sums of all divisions, and the plates to look at."""
    slices = list(read_slices(session, windows, settings.alarm_used_scans, parts=PARTS))
    sums = (pair for one in slices for pair in one.sums.items())
    return Neighbours(sums, windows), [rhythm for one in slices for rhythm in one.rhythms]


def _rhythm_signs(session: Session, windows: Windows, settings: Settings) -> list[Sign]:
    """The signs of copied and of silent plates, once counts have been kept for long enough."""
    if windows.base_days < LEAST_BASE_DAYS:
        return []
    neighbours, rhythms = read_neighbours(session, windows, settings)
    chance = settings.alarm_chance / max(1, neighbours.plates)
    signs = []
    for rhythm in rhythms:
        own = own_sums(rhythm)
        factor = neighbours.recent_factor(rhythm.division, own)
        copied = judge_copied(rhythm, windows, factor, chance, settings)
        silence = neighbours.silent_factor(rhythm.division, own)
        silent = judge_silent(rhythm, windows, silence, chance, settings)
        signs += [sign for sign in (copied, silent) if sign]
    return signs


def own_sums(rhythm: Rhythm) -> Sums:
    """What one plate adds to the sums of its township."""
    return Sums(rhythm.recent, rhythm.base, rhythm.late, rhythm.used, 1)


def within_limits(signs: list[Sign], a_day: int) -> list[Sign]:
    """The first ``a_day`` signs of each county, in their order."""
    taken: Counter[str] = Counter()
    kept = []
    for sign in signs:
        taken[sign.division[:6]] += 1
        if taken[sign.division[:6]] <= a_day:
            kept.append(sign)
    return kept
