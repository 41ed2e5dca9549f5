"""What the privacy policy answers, in our own words: read from the data folder, checked, and rendered."""

from actions.policy.checking import check
from actions.policy.services import answer, card, sections, text

__all__ = ["answer", "card", "check", "sections", "text"]
