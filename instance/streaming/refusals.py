"""What is answered to whoever may not stay on the line: a status, and a sentence for whoever writes applications."""


class Refused(Exception):
    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status, self.said = status, said


class Unknown(Refused):
    """There is no such stream."""

    def __init__(self) -> None:
        super().__init__(404, "Unknown stream type")


class Full(Refused):
    """No more lines: of this agent, or of all together."""

    def __init__(self) -> None:
        super().__init__(429, "Too many connections")
