"""What can be wrong with the machine Minori runs on, said so that the reader can do something about it."""


class Problem(Exception):  # noqa: N818 - it is shown to people, and reads as what it is
    """One sentence that says what is wrong, and one that says what to do; shown without a traceback."""

    def __init__(self, wrong: str, advice: str = "", *, exit_code: int = 1) -> None:
        super().__init__(wrong)
        self.wrong = wrong
        self.advice = advice
        self.exit_code = exit_code

    def __str__(self) -> str:
        return f"{self.wrong}\n{self.advice}" if self.advice else self.wrong
