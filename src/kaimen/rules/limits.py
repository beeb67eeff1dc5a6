"""How much a rule may be. Checked before the text is read, so that no text costs more than these allow."""

LONGEST_TEXT = 4_000  # characters
MOST_TOKENS = 1_000  # words, numbers and signs
DEEPEST = 32  # parentheses and functions inside each other; parts of a rule inside each other
MOST_OPTIONS = 200  # of `in (…)`
LONGEST_STRING = 200  # characters of a text written in a rule
LONGEST_VALUE = 1_000  # characters of a text in a row
LONGEST_NAME = 60
MOST_REFUSALS = 20  # told at once
DAY_COUNT_DIGITS = 18  # of the days in add_days: fits 64 bits
