"""The rule for copied plates: more scans than a doorway explains, or scans at night.

A code that was photographed and put on posters is scanned where its plate does not hang. Two marks
are looked for, each on three days running: many times the usual number; or scans in hours in which
this plate is quiet, on top of more scans in all. A promotion of a shop has neither: it multiplies
the scans by a few, in the hours that the shop is open.
"""

from address_model.alarms import AlarmRule
from service.alarms.chances import chance_of_more, shape_of
from service.alarms.queries.rhythms import Rhythm
from service.alarms.signs import AlarmFigures, Sign
from service.alarms.windows import RECENT_DAYS, Windows
from service.core.settings import Settings

LEAST_BASE_DAYS = 14
"""Days that a plate must have hung, and counts been kept, before its usual number is known."""

TIMES = 4.0
"""So many times the usual number is no promotion."""

NIGHT_SHARE = 0.2
"""Of the extra scans of a copy at all hours at least this part falls into the night."""


def judge_copied(
    rhythm: Rhythm, windows: Windows, factor: float, chance: float, settings: Settings
) -> Sign | None:
    """The sign of a copied plate, None if it is as usual.

    ``factor`` is ``Neighbours.recent_factor``; ``chance`` is what luck is allowed for one plate.
    """
    base_days = windows.base_days_of(rhythm.hung)
    if base_days < LEAST_BASE_DAYS:
        return None
    usual = max(rhythm.base, 0.5) / base_days
    expected, extra = usual * RECENT_DAYS * factor, settings.alarm_extra_scans
    each = min(rhythm.recent_1, rhythm.recent_2, rhythm.recent_3) - usual * factor
    more = rhythm.recent - expected
    if each < extra / 3 or more < extra * RECENT_DAYS:
        return None
    found = chance_of_more(rhythm.recent, expected, shape_of(rhythm.base, RECENT_DAYS))
    dark = max(rhythm.night_base, 0.5) / base_days * RECENT_DAYS * factor
    at_night = chance_of_more(rhythm.night, dark, shape_of(rhythm.night_base, RECENT_DAYS))
    nights = min(rhythm.night_1, rhythm.night_2, rhythm.night_3)
    is_dark = nights > 0 and rhythm.night - dark >= more * NIGHT_SHARE and at_night <= chance
    if not is_dark and (found > chance or rhythm.recent < expected * TIMES):
        return None
    figures = AlarmFigures(
        days=RECENT_DAYS,
        seen=rhythm.recent,
        expected=round(expected, 2),
        usual=round(usual, 2),
        at_night=rhythm.night,
        chance=at_night if is_dark else found,
    )
    return Sign(AlarmRule.COPIED, rhythm.token, figures, rhythm.token, rhythm.code, rhythm.division)
