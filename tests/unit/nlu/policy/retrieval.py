"""Run by the engine's Python: indexes some questions of the project, and prints what it finds.

Standard input is `{"keys": […], "ask": […], "folder": "…"}`: of the answers in the folder (the project's by
default) those with the keys are indexed (all by default), and what the policy does not tell. The output is
`{"found": {text: sections}, "again": {text: sections}, "milliseconds": …}`; the index found `again` after it
was stored.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from nlu.classification.text import normalised
from nlu.encoder.session import shared_encoder
from nlu.home import PROJECT
from nlu.policy.index import ELSEWHERE, PolicyIndex
from nlu.policy.reading import NOT_TOLD, read_questions

GREETINGS = ["hello", "good morning", "thanks a lot", "bye", "yes please", "no thank you", "stop it"]


def main() -> None:
    wanted = json.load(sys.stdin)
    questions = read_questions(Path(wanted.get("folder") or PROJECT / "data" / "policy"))
    told = [question for question in questions if question.key != NOT_TOLD]
    asked = [question for question in told if question.key in wanted.get("keys", (question.key,))]
    untold = [question for question in questions if question.key == NOT_TOLD]
    asked += untold[:: 1 if wanted.get("folder") else 4]
    texts = [*(question.text for question in asked), *GREETINGS]
    labels = [*(question.key for question in asked), *(ELSEWHERE for _ in GREETINGS)]
    encoder = shared_encoder()
    index = PolicyIndex.fit(texts, labels, encoder.encode_all([normalised(text) for text in texts]))
    with tempfile.TemporaryDirectory() as folder:
        index.save(Path(folder))
        stored = PolicyIndex.load(Path(folder))
    vectors = {text: encoder.encode(normalised(text)) for text in wanted["ask"]}
    started = time.process_time()
    found = {text: index.search(text)(vector) for text, vector in vectors.items()}
    spent = time.process_time() - started
    json.dump(
        {
            "found": {text: [each.as_dict() for each in sections] for text, sections in found.items()},
            "again": {
                text: [each.as_dict() for each in stored.search(text)(vector)]
                for text, vector in vectors.items()
            },
            "milliseconds": 1000 * spent / len(vectors),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
