"""How many addresses and plates each division has in each state."""

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import Table


class StatusCount(Table):
    """A part of the number of addresses (or of their plates) of a division in one state.

    Triggers of ``address`` and ``plate`` add a row for each statement, also with a negative
    ``amount``; the sum is the number, in the same transaction as the rows that it counts. Nothing
    is updated, so that writers never wait for each other; a worker merges the rows of a sum.
    Plates are counted where their address lies; trial and blank plates are not.
    """

    __tablename__ = "status_count"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    subject: Mapped[str] = mapped_column(String(8))
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id"))
    status: Mapped[str] = mapped_column(String(16))
    amount: Mapped[int] = mapped_column(BigInteger)
