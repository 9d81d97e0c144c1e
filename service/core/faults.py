"""What is wrong with the machine or its set-up, and how to mend it."""


class EnvironmentFault(Exception):
    """The machine lacks something; the command line prints both sentences and exits with 3.

    Args:
        what: one sentence that says what is wrong, naming the file, folder or setting.
        mend: what to do or to type; empty when nothing is known.
    """

    def __init__(self, what: str, *, mend: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.mend = mend

    def __str__(self) -> str:
        return f"{self.what}\nMend: {self.mend}" if self.mend else self.what
