"""What was said with a request: the slots of docs/understanding.md."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from nlu.classification.text import normalised
from nlu.placeholders.patterns import find_placeholders
from nlu.understanding.corrections import corrections
from nlu.understanding.marketing import preferences


def slots_for(intent: str, words: str, message: str) -> dict[str, Any]:
    """Return the slots of one request.

    Args:
        intent: The intent.
        words: The part of the message that asks for it.
        message: The whole message, with placeholders.
    """
    reader = _READERS.get(intent)
    return reader(words, message) if reader else {}


def _case(words: str, message: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    references = [each.value for each in find_placeholders(message) if each.entity == "reference"]
    if references:
        found["reference"] = references[0]
    right = _first(_RIGHTS, normalised(words))
    if right:
        found["right"] = right
    return found


def _other_person(words: str, message: str) -> dict[str, Any]:
    readable = normalised(message)
    found = {"relation": _first(_RELATIONS, readable), "wants": _first(_WANTED, readable)}
    return {name: value for name, value in found.items() if value}


def _first(patterns: Mapping[str, re.Pattern[str]], text: str) -> str | None:
    places = [(match.start(), name) for name, each in patterns.items() if (match := each.search(text))]
    return min(places)[1] if places else None


def _compiled(said: Mapping[str, str]) -> dict[str, re.Pattern[str]]:
    return {name: re.compile(rf"\b(?:{words})\b") for name, words in said.items()}


_RIGHTS = _compiled(
    {
        "erasure": r"(?:delet|eras|remov)\w*|wip(?:e|ed|ing)|forgotten|purg\w+",
        "access": r"access|see (?:my|the)|what you (?:hold|have)|subject access request|dsar|sar",
        "portability": r"cop(?:y|ies)|export\w*|csv|download\w*|portab\w+",
        "rectification": r"correct\w*|rectif\w+|amend\w*|updat\w+",
        "restriction": r"restrict\w*|fr(?:ee|o)z\w*|paus\w+|suspen\w+|unfreez\w*",
        "objection": r"objecti?o?n?s?",
        "marketing_objection": r"opt(?:ing)?[ -]out|unsubscri\w+|marketing",
        "consent_withdrawal": r"consent",
    }
)

_RELATIONS = _compiled(
    {
        "parent": r"mothers?|mum|mom|mam|father|dad|parents?",
        "child": r"son|daughter|child|kid|child's",
        "partner": r"husband|wife|partner|fianc[eé]+|spouse|girlfriend|boyfriend|ex",
        "relative": r"brother|sister|uncle|aunt(?:ie)?|cousin|nephew|niece|grand\w+|gran|nan|family|relative",
        "friend": r"friends?|mate|neighbours?|neighbors?|flatmate|housemate|roommate",
        "colleague": r"colleagues?|co-?workers?|boss|manager|employees?|staff|team|assistant|secretary"
        r"|leaver|director",
        "client": r"clients?|solicitors?|lawyers?|attorney|instructed|counsel|trustee|executor"
        r"|represent\w*|carer|ward",
        "customer": r"customers?",
    }
)

_WANTED = _compiled(
    {
        "erase": r"(?:delet|eras|remov|purg)\w*|wip(?:e|ed|ing)|forgotten|tak(?:e|en) (?:\w+ ){0,2}(?:off"
        r"|out)",
        "opt_out": r"unsubscrib\w*|stop (?:email|mail|call|ring|text|contact|send|writ)\w*|mailing list"
        r"|newsletters?",
        "rectify": r"correct\w*|rectif\w+|amend\w*|updat\w+|chang(?:e|ed|ing)",
        "restrict": r"restrict\w*|fr(?:ee|o)z\w*|paus\w+|suspend\w*",
        "portability": r"cop(?:y|ies)|export\w*|csv|download\w*",
        "access": r"access|what (?:\w+ ){0,4}(?:have|hold|got|know|store)\w*|data on|disclose|records?"
        r"|file|see",
    }
)

_READERS: Mapping[str, Callable[[str, str], dict[str, Any]]] = {
    "rectify": corrections,
    "opt_out": lambda words, message: preferences("opt_out", words),
    "opt_in": lambda words, message: preferences("opt_in", words),
    "request_status": _case,
    "withdraw_request": _case,
    "complaint": _case,
    "on_behalf": _other_person,
}
