"""What is wrong with the machine or its set-up, and how to correct it."""


class EnvironmentFault(Exception):
    """The machine lacks something; the command line prints both sentences and exits with 3.

    Args:
        what: one sentence that says what is wrong, naming the file, folder or setting.
        hint: what to do or to type; empty when nothing is known.
    """

    def __init__(self, what: str, *, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.what}\nMend: {self.hint}" if self.hint else self.what
