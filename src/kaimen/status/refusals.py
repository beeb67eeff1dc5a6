"""What every verb of this part raises when it cannot do what was asked."""


class Refused(ValueError):
    """`code` for programs, `message` says what is wrong, `remedy` what would be right; both in the reader's language.

    `field` names the part of a statement it is about, where there is one.
    """

    def __init__(self, code: str, message: str, remedy: str, *, field: str = "") -> None:
        self.code, self.message, self.remedy, self.field = code, message, remedy, field
        super().__init__(f"{code}: {message} {remedy}")

    @property
    def said(self) -> str:
        """What is wrong and what would be right in one text; Chinese needs no space between sentences."""
        return f"{self.message}{'' if self.message.endswith('。') else ' '}{self.remedy}"
