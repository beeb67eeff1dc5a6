"""What is refused is said in both languages: whoever shows a receipt at a counter reads why."""

from kaimen.kit.words import Words


class Refused(ValueError):
    """Something does not hold or is not what it should be: why, in `words`; the exception's own text is English."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.words = Words(zh, en)
