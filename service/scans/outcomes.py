"""What a scan came to, as it is counted."""

from enum import StrEnum

from service.scans.card import CardState


class ScanOutcome(StrEnum):
    """What was answered: of a plate that holds, of one replaced, of one void, of no plate."""

    CURRENT = "current"
    REPLACED = "replaced"
    VOID = "void"
    UNKNOWN = "unknown"


_OUTCOMES = {
    CardState.REPLACED: ScanOutcome.REPLACED,
    CardState.ADDRESS_REPLACED: ScanOutcome.REPLACED,
    CardState.ADDRESS_DIVIDED: ScanOutcome.REPLACED,
    CardState.VOID: ScanOutcome.VOID,
    CardState.ADDRESS_RETIRED: ScanOutcome.VOID,
    CardState.ADDRESS_INVALID: ScanOutcome.VOID,
}


def outcome_of(state: CardState) -> ScanOutcome:
    """What a scan of a plate in this state comes to."""
    return _OUTCOMES.get(state, ScanOutcome.CURRENT)
