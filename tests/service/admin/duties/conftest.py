"""Two counties with an address and a plate each, made anew for each test."""

from tests.service.admin.home.conftest import fresh_office

__all__ = ["fresh_office"]
