"""Guards against starting what nobody asked for: negation, questions and reports about a grave right.

A guard may only hold back. It never makes a request out of a text, and where it errs, the contact is asked.
"""

from __future__ import annotations

import re
from enum import Enum

from nlu.classification.text import normalised

_VERBS: dict[str, str] = {
    "erase": (
        r"delet\w*|eras\w*|remov\w*|wip(?:e[ds]?|ing)|purg\w*|destroy\w*|scrub\w*|shred\w*|expunge\w*|forg[eo]t\w*|"
        r"get(?:ting)? rid|clear(?:ing)? out|bin|scrap|take (?:me|us|my \w+|everything) (?:off|out)|drop (?:me|my \w+)"
    ),
    "restrict": (
        r"restrict\w*|freez\w*|frozen|paus\w*|suspend\w*|lock(?:ing|ed)?|limit\w*|hold off|put \w+ on hold|"
        r"stop (?:us\w+|process\w*)"
    ),
    "object": r"object\w*|oppos\w*|stop (?:track\w*|profil\w*|analys\w*|process\w*)",
    "withdraw_consent": (
        r"(?:withdr[ae]w\w*|revok\w*|tak(?:e|ing) back|cancel\w*|retract\w*|rescind\w*)(?: (?:my|all|any|the|our)){0,2}"
        r" (?:consent|permission|agreement)|no longer consent"
    ),
}
_MENTIONS = {intent: re.compile(rf"\b(?:{verbs})\b") for intent, verbs in _VERBS.items()}

# What comes between a negation and its verb: "don't want you to just delete".
_BETWEEN = r"(?:\W+(?!but\b|only\b|instead\b|rather\b|please\b)\w[\w']*){0,5}?\W+$"
_NEGATION = re.compile(
    r"\b(?:don'?t|do not|dont|doesn'?t|didn'?t|did not|never|not|isn'?t|wasn'?t|won'?t|wouldn'?t|without|no need|"
    r"instead of|rather than|as opposed to|nothing (?:needs|has)|nobody|no one|no)\b" + _BETWEEN
)
# "Why haven't you deleted it?" and "I can't delete it myself" negate the deed, not the wish.
_UNDONE = re.compile(r"\b(?:haven'?t|hasn'?t|can'?t|cannot|couldn'?t|unable|still not|not yet|failed)\b" + _BETWEEN)
# "Don't keep anything, delete it": the clause of the negation ends before the verb.
_CLAUSE_END = re.compile(r"[.;:!?\n,]|\b(?:but|just|only|instead|rather|so|then)\b(?! (?:than|of)\b)")

_CONDITIONAL = re.compile(
    r"\b(?:what (?:would |will )?happens?|what if|what would|what'?s the (?:effect|result|consequence)|suppos\w+|say i|"
    r"hypothetical\w*|in theory|in case|if i (?:were|was|did|ask\w*|want\w*|chose|decided?|request\w*|told|delet\w*|"
    r"object\w*|restrict\w*|withdr[ae]w\w*|eras\w*)|were i to|should i (?:ask|decide|want|choose|ever)|if (?:you|it|my \w+)"
    r" (?:were|was|is|are|got|gets?|get) (?:\w+ )?(?:delet|eras|remov|restrict|forg)\w*|wonder\w*|curious|"
    r"(?:thinking|thought) (?:of|about)|considering|might (?:want|ask|decide|one day)|(?:may|might) (?:later|at some point)|"
    r"before i (?:ask|decide|do|request|delete)|consequences? of|implications? of|"
    r"not (?:sure|decided|certain) (?:if|whether|about|yet))\b"
)
_QUESTION = re.compile(
    r"(?:^|[.!?,;]\s*|\b(?:and|but|so|ok|hi|hello|hey|also|then|question)\W+)"
    r"(?:how (?:do|does|can|could|would|long|soon|quick\w*|much|easy|is|are|exactly)|"
    r"do (?:you|i|we|they)\b|does\b|did (?:you|anyone|somebody)|am i (?:allowed|entitled|able)|is (?:it|there|that|erasure|"
    r"deletion)|are (?:you|there|my|we)\b|was\b|were\b|will (?:you|it|my|i|everything|anything)|when (?:do|does|will|would|"
    r"can|is|are)|why\b|who\b|which\b|what(?:'s| is| are| does| do| about| right)?\b|where\b|"
    r"have you (?:already )?(?:delet|eras|remov|restrict)\w*|has (?:it|my|everything)|"
    r"can (?:i|you|we|a|someone|people|anyone|customers?)\b(?! please))"
)
# A question that is a polite order: "can you delete my data please", "could you remove me".
_POLITE = re.compile(
    r"\b(?:can|could|would|will) (?:you|u|someone|somebody|i get you to|i have|i get)(?: \w+){0,2}? (?=\w+)"
)
_INFORMATION = re.compile(r"\b(?:explain|tell me (?:how|what|whether|if|about)|know (?:how|what|whether|if)|understand|clarify)\b")
_REPORT = re.compile(
    r"\b(?:(?:he|she|they|you|someone|somebody|friend|colleague|boss|manager|husband|wife|mother|father|mum|dad|brother|"
    r"sister|lawyer|solicitor|agent|advis[eo]r|article|website|email|letter|notice|bot|rep|support) "
    r"(?:\w+ ){0,3}?(?:said|says|told|tells|claim\w*|promis\w*|ask(?:ed|s)|wrote|writes|want(?:ed|s)|mention\w*|suggest\w*|"
    r"already|have already|has already|recommend\w*)|i(?:'ve| have)? (?:heard|read|was told|am told)|"
    r"(?:you|they|somebody|someone) (?:just |have |has |already |accidentally )*(?:deleted|erased|removed|restricted|wiped))\b"
)
_COMMAND = re.compile(r"\b(?:please|pls|plz|kindly|i (?:want|wish|demand|request|require|insist|need|would like)|i'd like)\b")


class Guard(str, Enum):
    """Why a text is no request for a grave right."""

    NEGATED = "negated"
    QUESTION = "question"
    REPORTED = "reported"


def guard_for(intent: str, text: str) -> Guard | None:
    """Say why a text must not start an intent, if anything does.

    Args:
        intent: One of the grave intents; any other is never held back.
        text: The message.

    Returns:
        The reason to hold back, or None.
    """
    mentions = _MENTIONS.get(intent)
    if mentions is None:
        return None
    readable = normalised(text)
    found = list(mentions.finditer(readable))
    if found and all(_is_negated(readable, mention.start()) for mention in found):
        return Guard.NEGATED
    if _CONDITIONAL.search(readable):
        return Guard.QUESTION
    ordered = _COMMAND.search(readable) is not None
    if not ordered and (_is_question(readable) or _INFORMATION.search(readable)):
        return Guard.QUESTION
    if not ordered and _REPORT.search(readable):
        return Guard.REPORTED
    return None


def _is_negated(text: str, position: int) -> bool:
    clause_start = max((match.end() for match in _CLAUSE_END.finditer(text, 0, position)), default=0)
    before = text[clause_start:position]
    return _NEGATION.search(before) is not None and _UNDONE.search(before) is None


def _is_question(text: str) -> bool:
    question = _QUESTION.search(text)
    return question is not None and not _POLITE.match(text, _words_start(text, question))


def _words_start(text: str, question: re.Match[str]) -> int:
    polite = re.search(r"\b(?:can|could|would|will)\b", text[question.start() : question.end()])
    return question.start() + (polite.start() if polite else 0)
