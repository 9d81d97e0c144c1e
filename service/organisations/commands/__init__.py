"""Opens, corrects and closes units and posts; appoints and relieves holders; moves accounts."""

from service.organisations.commands.accounts import move_account
from service.organisations.commands.holders import appoint_holder, relieve_holder
from service.organisations.commands.posts import close_post, open_post
from service.organisations.commands.units import UnitDraft, close_unit, correct_unit, open_unit

__all__ = [
    "UnitDraft",
    "appoint_holder",
    "close_post",
    "close_unit",
    "correct_unit",
    "move_account",
    "open_post",
    "open_unit",
    "relieve_holder",
]
