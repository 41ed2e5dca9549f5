"""The recogniser of people, companies and addresses: how it is trained, and how well it reads."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest

from nlu.pseudonyms import Pseudonymiser, training
from nlu.pseudonyms.reading import Splitter
from nlu.pseudonyms.recogniser.component import COMPLETE
from nlu.pseudonyms.recogniser.fingerprint import folder
from nlu.pseudonyms.recogniser.sentences import Sentences
from nlu.pseudonyms.recogniser.vocabulary import Words, common_words
from tests.bench import bench_hiding as hiding

NAMES = [
    line
    for line in Path(__file__).with_name("names.txt").read_text().splitlines()
    if line and not line.startswith("#")
]
CARRIERS = (
    "Good morning, {} writing. Could you tell me what you know about me?",
    "hi there, {} again - still no answer",
    "My name? {}.",
    "I am {} and I bought your software three years ago.",
    "You keep addressing me as {}, which is wrong",
    "Please take {} off your lists",
    "could you check whether {} is still in your CRM",
    "With kind regards, {}",
    "my partner {} would like a copy too",
    "I'd like my record under {} erased",
    "{} asked me to get in touch about the data",
    "Please correct the spelling of my name to {}",
    "yours truly\n{}",
    "We no longer employ {}, so please remove that contact",
    "can i speak to {} please",
)
PLAIN = (
    "I shan't ask what else you know",
    "I never owed anyone a penny",
    "Mark my record for deletion",
    "Will you grant me access? May I have a copy?",
    "please delete everything you have on me",
    "I'm not happy about this at all",
    "Dear Sir or Madam, I hereby exercise my right to erasure. Yours faithfully",
    "who do you share my data with",
    "what is your retention period",
    "stop ringing my mobile",
    "my name is wrong on your records",
    "i wuld like to se all the infomation you hold abuot me",
    "I live in Leeds and I use your software",
    "Bill me later, I will sue you",
    "PLEASE REMOVE ME FROM YOUR MAILING LIST",
    "thanks, bye",
)


@pytest.fixture(scope="session")
def trained(request: pytest.FixtureRequest) -> Pseudonymiser:
    """With this installation's recogniser; trained here, in a minute or two, in CI and by the full test."""
    place = folder()
    if not (place / COMPLETE).is_file():
        if not request.config.getoption("--full") and os.environ.get("CI") != "true":
            pytest.skip("no recogniser has been trained: python -m nlu.pseudonyms.training")
        training.train(place)  # where whatever needs it later finds it
    return hiding.pseudonymiser(place)


def test_names_nobody_listed_are_hidden(trained: Pseudonymiser) -> None:
    for share in (hidden_share(trained, NAMES), hiding.names(trained, capitals=True)):
        print(share)
        assert share.value >= 0.92, share.failed[:50]


@pytest.mark.timeout(600)
def test_names_without_capitals_are_hidden(trained: Pseudonymiser) -> None:
    for share in (
        hidden_share(trained, [name.lower() for name in NAMES]),
        hiding.names(trained, capitals=False),
    ):
        print(share)
        assert share.value >= 0.80, share.failed[:50]


@pytest.mark.timeout(600)
def test_messages_without_personal_data_stay_as_they_are(trained: Pseudonymiser) -> None:
    share = hiding.unaltered(trained)
    print(share)
    assert share.tried >= 1000
    assert share.value >= 0.99, share.failed


def hidden_share(pseudonymiser: Pseudonymiser, names: list[str]) -> hiding.Share:
    """How many names leave no word of theirs behind, each in three sentences."""
    share = hiding.Share("names of names.txt hidden")
    for number, name in enumerate(names):
        for step in range(3):
            carrier = CARRIERS[(number * 7 + step * 5) % len(CARRIERS)]
            sentence = carrier.format(name) if not name.islower() else carrier.lower().format(name)
            left = set(pseudonymiser.hide(sentence).text.replace(",", " ").replace(".", " ").split())
            remaining = left & set(name.split()) - set(carrier.lower().split())
            share.note(succeeded=not remaining, text=sentence)
    return share


@pytest.mark.timeout(600)
@pytest.mark.parametrize("text", PLAIN)
def test_words_that_look_like_names_stay(trained: Pseudonymiser, text: str) -> None:
    assert trained.hide(text).text == text


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("I work for Harrowgate Ceramics Ltd", ["company"]),
        ("my new address is 27 Lantern Street, Whitby YO22 9QQ", ["address", "postcode"]),
        ("I'm Priya Raghunathan, priya@hartwell.example", ["person", "email"]),
        ("hello from Flexiva", []),
        ("send it to Flat 3, 18 Queen's Road, Brighton", ["address"]),
        ("I live at 7 mill lane, otley", ["address"]),
        ("write to PO Box 312, Leeds", ["address"]),
        ("i work for pendlebury castings ltd", ["company"]),
        ("agreement 20231177 is ours", ["agreement"]),
    ],
)
def test_what_is_recognised(trained: Pseudonymiser, text: str, kinds: list[str]) -> None:
    assert [one.kind for one in trained.hide(text).found] == kinds


def test_made_up_sentences_are_the_same_every_time_and_marked_where_they_say() -> None:
    first, second = (Sentences(Random(5), ["tell PERSON_1", "hello"]).draw(300) for _ in range(2))
    assert first == second
    words = Splitter(Words(frozenset(), frozenset(), frozenset()).blank().vocab)
    for sentence in first:
        doc = words(sentence.text)
        for start, end, label in sentence.marked:
            assert doc.char_span(start, end, alignment_mode="expand") is not None
            assert label in {"PERSON", "COMPANY", "ADDRESS"}
            assert sentence.text[start:end].strip()
    assert sum(bool(sentence.marked) for sentence in first) > 100
    assert sum(not sentence.marked for sentence in first) > 100


def test_words_are_told_from_names_and_from_typing_errors() -> None:
    words = Words(telling=frozenset({"name"}), ordinary=common_words(), names=frozenset({"priya"}))
    assert [words.describe(word) for word in ("Name", "Delete", "PRIYA", "Zxqwv", "48", "7f", ",")] == [
        "name", "word", "name", "unknown", "2 digits", "digits and letters", ",",
    ]  # fmt: skip
    assert words.is_wordlike("informaton")
    assert words.is_wordlike("dleete")
    assert not words.is_wordlike("okonkwo")
    assert not words.is_wordlike("priya")


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("it's Flat 9 not Flat 6, shift a copy to me", "it's ADDRESS_1 not ADDRESS_2, shift a copy to me"),
        ("I live at 12 Mill Lane, Bath. Delete me.", "I live at ADDRESS_1. Delete me."),
        ("my address is 4 Old Street, reading", "my address is ADDRESS_1"),
    ],
)
def test_an_address_ends_before_the_word_that_goes_on(trained: Pseudonymiser, text: str, hidden: str) -> None:
    assert trained.hide(text).text == hidden


@pytest.mark.timeout(300)
def test_training_is_not_repeated_and_a_running_pseudonymiser_takes_up_what_was_trained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ["hello", "I am PERSON_1", "good day"]
    monkeypatch.setattr(training, "_SENTENCES", 300)
    monkeypatch.setattr(training, "_ROUNDS", 1)
    place = tmp_path / "models" / "recogniser"
    running = Pseudonymiser(recogniser=place)
    assert running.hide("tom@a.example").text == "EMAIL_1"
    assert not running.hide("tom@a.example").complete
    assert training.train(place, lines)
    assert not training.train(place, lines)
    assert running.hide("tom@a.example").text == "EMAIL_1"
    assert running.hide("tom@a.example").complete
