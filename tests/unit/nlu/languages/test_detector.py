"""Other languages are recognised, and English is not taken for one, however it is typed."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.support.components import ENGINE, PROJECT, require

FOREIGN = {
    "Je souhaite que vous effaciez toutes mes informations": "fr",
    "bitte senden Sie mir keine Werbung mehr": "de",
    "quisiera saber qué datos tienen sobre mí": "es",
    "proszę o usunięcie moich danych osobowych": "pl",
    "vorrei sapere che cosa avete su di me": "it",
    "gostaria de apagar a minha conta": "pt",
    "doresc să fiu șters din baza voastră": "ro",
    "ik wil graag al mijn gegevens inzien": "nl",
    "hoffwn weld fy ngwybodaeth bersonol": "cy",
    "видалите мої персональні дані будь ласка": "uk",
    "أريد نسخة من بياناتي الشخصية": "ar",
    "कृपया मेरी जानकारी हटा दें": "hi",
    "我想要一份我的个人数据": "zh",
}
ENGLISH = [
    "erase me",
    "plz delte evry thng u hv abt me",
    "i wnt a cpy of mi deetails",
    "stop teh emials",
    "ok",
    "merci",
    "no",
    "EMAIL_1",
    "PERSON_1 PERSON_2",
    "my name is PERSON_1 from COMPANY_1",
    "GDPR DSAR",
    "hmm",
    "😀",
    "12345",
    "",
    "the café in Zürich keeps my résumé",
    "what is a deja vu",
]


@pytest.fixture(scope="module")
def languages() -> dict[str, str | None]:
    """The language of each text, as the engine's Python tells it."""
    texts = [*FOREIGN, *ENGLISH]
    done = subprocess.run(
        [str(require(ENGINE)), str(Path(__file__).with_name("detecting.py"))],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return dict(zip(texts, json.loads(done.stdout), strict=True))


@pytest.mark.parametrize(("text", "language"), FOREIGN.items())
def test_another_language_is_recognised(languages: dict[str, str | None], text: str, language: str) -> None:
    assert languages[text] == language


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_left_alone(languages: dict[str, str | None], text: str) -> None:
    assert languages[text] is None
