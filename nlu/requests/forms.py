"""Whether a text orders something or asks how it would be, by its form alone.

The words that carry content are masked, so that what is learned of one right holds for all: "what happens if
I ask you to w my w" is a question whatever is asked. It is a second opinion beside the classifier of intents,
which goes by the words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from nlu.classification.text import normalised

ORDERED = frozenset(
    {
        "erase",
        "restrict",
        "object",
        "withdraw_consent",
        "opt_out",
        "opt_in",
        "rectify",
        "portability",
        "withdraw_request",
        "on_behalf",
        "complaint",
    }
)
"""What is ordered, so that a question about it asks how the right works."""

INQUIRY = "ask_rights"
ASKED = frozenset({INQUIRY, "ask_policy"})
"""What is asked with a question about how it would be."""

_WORDS = """
a an the this that these those my your his her its our their mine yours me you him them us it i we he
she they who whom whose which what where when why how whether if unless until till before after once
while because since so then than as though although and or but nor not no never nothing none nobody any
some all every each everything anything something someone somebody anyone else more less most only just
simply merely even still yet already again ever always also too either neither both instead rather is
are was were am be been being do does did doing done have has had having can could may might must shall
should will would ought need needs let to of in on at by for from with without about into off out over
up down under through between against during per please kindly thanks thank hello hi dear sir here there
now today later soon one ones people person i'm i'd i'll i've you're you'd you'll you've he's she's it's
that's there's what's who's how's don't doesn't didn't can't couldn't won't wouldn't isn't aren't wasn't
haven't hasn't shouldn't mustn't let's want wants wish like love prefer ask asks asked asking tell tells
told say says said think thinking know wonder wondering understand explain mean means happen happens
happened suppose supposing imagine assume assuming theory theoretically hypothetically case possible
able allowed entitled obliged right rights true long much many often quick quickly difference
consequences effect affect work works working take takes request requests requested demand insist
require object objects objecting decide decides decided considering consider curious interested idea
heard read
"""
_KEPT = frozenset(_WORDS.split())
"""Words of the form: pronouns, auxiliaries, conjunctions, and those of wishing, asking and supposing."""

_TOKEN = re.compile(r"[a-z']+|[?.,;:!]|\d+")


def form_of(text: str) -> str:
    """Return a text with its content masked, between marks of its beginning and end."""
    masked = (token if token in _KEPT or not token[0].isalnum() else _mask(token) for token in _tokens(text))
    return f"^ {' '.join(masked)} $"


def weighed(probabilities: Mapping[str, float], inquiry: float) -> dict[str, float]:
    """Return the probabilities of intents in the light of a text's form.

    Args:
        probabilities: The classifier's probability of each intent.
        inquiry: How likely the text asks how something would be.
    """
    weights = {
        intent: probability * (inquiry if intent in ASKED else 1.0 - inquiry if intent in ORDERED else 0.5)
        for intent, probability in probabilities.items()
    }
    total = sum(weights.values()) or 1.0
    return {intent: weight / total for intent, weight in weights.items()}


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(normalised(text))


def _mask(token: str) -> str:
    if token.endswith("ing"):
        return "ing"
    return "ed" if token.endswith("ed") else "w"
