"""Errors of the machine or its configuration, with a hint how to correct them."""


class EnvironmentFault(Exception):
    """The environment is not usable; the command line prints ``what`` and ``hint``, and exits with
    3.

    Args:
        what: one sentence that says what is wrong, naming the file, folder or setting.
        hint: what to do or to type; empty if there is nothing to suggest.
    """

    def __init__(self, what: str, *, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.what}\nMend: {self.hint}" if self.hint else self.what
