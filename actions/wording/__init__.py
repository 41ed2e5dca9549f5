"""What is said: phrases, buttons and the organisation's facts, read from the data folder and checked."""

from actions.wording.services import escapes, option, organisation, phrase, topics

__all__ = ["escapes", "option", "organisation", "phrase", "topics"]
