"""一件事: ask a resident for the address of their plate, and exchange what they bring back."""

from __future__ import annotations

from typing import cast

from menpai.client.answers import AddressRequestOut, HandedAddressOut
from menpai.client.calls import Calls


class AddressRequestCalls(Calls):
    """Calls with the permission ``addresses:token``."""

    def open_address_request(
        self, purpose: str, return_url: str, *, state: str = "", minutes: int = 15
    ) -> AddressRequestOut:
        """A link (``url``) and a QR code (``qr``, SVG) for the resident."""
        sent = {"purpose": purpose, "return_url": return_url, "state": state, "minutes": minutes}
        return cast(AddressRequestOut, self.post("/address-requests", sent))

    def redeem_address_token(self, token: str) -> HandedAddressOut:
        """Standard address and code; compare ``request`` with the one you opened for the form."""
        return cast(HandedAddressOut, self.post("/address-tokens", {"token": token}))
