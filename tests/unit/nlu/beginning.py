"""Run by the engine's Python: texts encoded one by one, several in one run, and begun with before.

The output is JSON: how far the vectors of each way are from those of single runs, and what was encoded again.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from nlu.encoder.conversion import converted_encoder
from nlu.encoder.session import MANY, Encoder

TEXTS = [
    "please erase the whole of my record, and send me a line when that has been done",
    "hello",
    "then the calls began",
    "i bought a licence from you in the spring of last year and was content with it for some months",
    "why?",
    "my wife says that i should have written to you long ago",
]
OTHERS = ["what do you hold about me", "and where is it kept"]
ROUNDS = 20


def main() -> None:
    encoder = Encoder(converted_encoder())
    alone = {text: _by_the_other_graph(encoder, text) for text in TEXTS + OTHERS}

    def apart(texts: list[str]) -> float:
        wanted = np.stack([alone[text] for text in texts])
        return float(np.abs(encoder.encode_all(texts) - wanted).max())

    found: dict[str, Any] = {"several": apart(TEXTS)}
    ran = _counting(encoder)
    found |= {"known": apart(TEXTS), "run_again": sum(ran)}

    _forget(encoder)
    encoder.begin(TEXTS)
    begun = sum(ran)
    found |= {"begun": apart(TEXTS), "begun_with": begun, "run_in_all": sum(ran)}

    _forget(encoder)
    encoder.begin(TEXTS)
    found |= {"others": apart(OTHERS), "after_others": apart(TEXTS)}

    _forget(encoder)
    encoder.begin(["hello"])
    encoder.begin([])
    found |= {"single": apart(["hello"]), "more": apart([*TEXTS, *OTHERS])}

    many = [f"{text} {number}" for number in range(MANY) for text in OTHERS]
    together = encoder.encode_all(many)
    one_by_one = np.stack([encoder.encode(text) for text in many])
    found["many"] = float(np.abs(together - one_by_one).max())

    found["at_once"] = _at_once(encoder, alone)
    json.dump(found, sys.stdout)


def _by_the_other_graph(encoder: Encoder, text: str) -> Any:
    """The vector as the graph of one text gives it, on two threads."""
    tokens = np.array([encoder._tokenizer.encode(text).ids], dtype=np.int32)
    given = {"input_ids": tokens, "attention_mask": np.ones_like(tokens)}
    return encoder._of_long_texts.run(["embedding"], given)[0][0]


def _counting(encoder: Encoder) -> list[int]:
    ran: list[int] = []
    in_turn = encoder._in_turn

    def counted(tokens: Any) -> Any:
        ran.append(len(tokens))
        return in_turn(tokens)

    encoder._in_turn = counted  # type: ignore[method-assign]
    return ran


def _forget(encoder: Encoder) -> None:
    encoder._remembered.clear()


def _at_once(encoder: Encoder, alone: dict[str, Any]) -> float:
    """The largest difference where several threads begin and ask, as they like."""

    def read(number: int) -> float:
        texts = TEXTS if number % 2 else OTHERS
        _forget(encoder)
        encoder.begin(texts)
        return float(np.abs(encoder.encode_all(texts) - np.stack([alone[text] for text in texts])).max())

    with ThreadPoolExecutor(4) as pool:
        return max(pool.map(read, range(ROUNDS)))


if __name__ == "__main__":
    main()
