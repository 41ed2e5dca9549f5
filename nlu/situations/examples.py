"""What the recogniser learns from, with the encoder's vectors."""

from __future__ import annotations

from collections.abc import Sequence

from nlu.classification.text import normalised
from nlu.encoder.session import shared_encoder
from nlu.situations.model import Example
from nlu.situations.reading import Situation

MAY_SHOW_SITUATIONS = frozenset(
    {"on_behalf", "out_of_scope", "complaint", "contact_dpo", "talk_to_human", "report_breach", "no_mailbox"}
)
"""Intents whose examples may show a situation, so that they do not count as ordinary messages."""

_SHOWN_COUNTS = 6.0
_ALIKE_COUNTS = 4.0
"""How much what is written for a situation counts beside the thousands of messages of the corpus."""


def encoded(situations: Sequence[Situation]) -> list[Example]:
    """Every example of the situations, and every ordinary message that sounds like one, with its vector."""
    texts: list[tuple[str, tuple[str, ...], float]] = [
        *(
            (text, (situation.name,), _SHOWN_COUNTS)
            for situation in situations
            for text in situation.examples
        ),
        *((text, (), _ALIKE_COUNTS) for situation in situations for text in situation.ordinary),
    ]
    vectors = shared_encoder().encode_all([normalised(text) for text, _, _ in texts])
    return [
        Example(text, vector, shows, counts)
        for (text, shows, counts), vector in zip(texts, vectors, strict=True)
    ]


def plain(texts: Sequence[str]) -> list[Example]:
    """Clauses with their vectors, as ordinary messages: a message is read clause by clause too."""
    vectors = shared_encoder().encode_all([normalised(text) for text in texts])
    return [Example(text, vector) for text, vector in zip(texts, vectors, strict=True)]
