"""What is taken out of a message for good, and what only sounds like it."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from actions.masking import masking
from nlu.pseudonyms import MASKED, Masking, Pseudonymiser
from nlu.pseudonyms.masked.banking import is_iban
from nlu.pseudonyms.masked.cards import passes_luhn


@pytest.fixture(scope="module")
def masker() -> Pseudonymiser:
    """With the words of the project, without a recogniser."""
    return Pseudonymiser(masking=masking(), recogniser=Path("untrained"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("I paid with 4111 1111 1111 1111 in May", "I paid with [card] in May"),
        ("5555-5555-5555-4444", "[card]"),
        ("378282246310005!", "[card]!"),
        ("４１１１１１１１１１１１１１１１", "[card]"),
        ("my card: 4111111111111111 exp 09/29 cvv 123", "my card: [card] exp [card] cvv [card]"),
        ("my card number is 4111-1111-1111-1112", "my card number is [card]"),
        ("four one one one, one one one one, one one one one, one one one one", "[card]"),
        ("cvc: 987", "cvc: [card]"),
        ("my password is hunter2, please fix it", "my password is [password], please fix it"),
        ("Password: Winter2024!", "Password: [password]"),
        ("pw: tulip", "pw: [password]"),
        ("my password is sunflower", "my password is [password]"),
        ("PW Hunter22", "PW [password]"),
        ("the password for the portal is 'open sesame'", "the password for the portal is '[password]'"),
        ("Kestrel#9 is my password", "[password] is my password"),
        ("I changed my password to Kestrel#9.", "I changed my password to [password]."),
        ("user tom, pwd=abc", "user tom, pwd=[password]"),
        ("login: tom / Secret1!", "login: [password]"),
        ("my pin is 4821 by the way", "my pin is [password] by the way"),
        ("NI number QQ 12 34 56 C", "NI number [identity]"),
        ("it's ab123456d ok", "it's [identity] ok"),
        ("national insurance: A B 1 2 3 4 5 6 C", "national insurance: [identity]"),
        ("my passport number is 925665416 and expires", "my passport number is [identity] and expires"),
        ("driving licence MORGA657054SM9IJ", "driving licence [identity]"),
        ("MORGA 657054 SM9IJ", "[identity]"),
        ("my SSN is 123-45-6789", "my SSN is [identity]"),
        ("nhs number 943 476 5919", "nhs number [identity]"),
        ("sort code 20-00-00, account 55779911", "sort code [bank], account [bank]"),
        ("sort code: 200000 acc no: 5577 9911", "sort code: [bank] acc no: [bank]"),
        ("20-00-00 55779911", "[bank] [bank]"),
        ("my bank account number is 12345678", "my bank account number is [bank]"),
        ("IBAN GB29 NWBK 6016 1331 9268 19 please", "IBAN [bank] please"),
        ("pay DE89370400440532013000", "pay [bank]"),
        ("I have cancer, so delete it all", "I have [health], so delete it all"),
        ("my type 2 diabetes is private", "my [health] is private"),
        ("I'm HIV positive", "I'm [health]"),
        ("I'm pregnant and i take sertraline", "I'm [health] and i take [health]"),
        ("my wife has multiple sclerosis", "my wife has [health]"),
        ("my late father died of lung cancer", "my late father died of [health]"),
        ("I was diagnosed with Vexley syndrome last year", "I was diagnosed with [health] last year"),
        ("because of my severe depression", "because of my severe [health]"),
        ("I've had a stroke and chemo", "I've had a [health] and [health]"),
        ("I take vexadrine 20 mg daily", "I take [health] 20 mg daily"),
    ],
)
def test_it_is_taken_out(masker: Pseudonymiser, text: str, shown: str) -> None:
    hidden = masker.hide(text)
    words = masking()
    for kind in MASKED:
        shown = shown.replace(f"[{kind}]", words.labels[kind])
    assert hidden.shown == shown
    assert hidden.masked
    assert "[" not in hidden.text
    assert not set(hidden.masked) & {one.kind for one in hidden.found}


@pytest.mark.parametrize(
    "text",
    [
        "I forgot my password",
        "my password is wrong",
        "My password is not working, it says it expired",
        "password reset please",
        "how are passwords stored? is my password encrypted?",
        "what is my password",
        "can you send my password to me",
        "the password is in the email you sent",
        "pw reset",
        "my pin is missing",
        "do you keep my passport number",
        "is my national insurance number on file",
        "order 4111111111111112, ticket 4111111111111111",
        "error code 500123 and sort code 123456",
        "which bank account do you use",
        "do you process health data or data about illnesses",
        "I work for Cancer Research",
        "our doctor's surgery uses your software",
        "my cancer charity uses your software",
        "I have a question about diabetes data",
        "delete my medical records",
        "I have anxiety about my data",
        "we sell software to depression support groups",
        "I am sick of your emails, they are a pain",
        "your CRM gives me a headache",
        "I am deaf, is there another way than the phone",
        "by 12 34 56 a lot",
        "meet me 12-11-24 at 10",
        "the security code you sent has not arrived",
    ],
)
def test_what_only_sounds_like_it_stays(masker: Pseudonymiser, text: str) -> None:
    hidden = masker.hide(text)
    assert hidden.shown == text
    assert hidden.masked == ()


def test_card_numbers_of_every_issuer_are_found_however_they_are_grouped(masker: Pseudonymiser) -> None:
    random = Random(20261126)
    missed = []
    for _ in range(600):
        prefix, length = random.choice(
            [("4", 16), ("51", 16), ("2221", 16), ("37", 15), ("36", 14), ("6011", 16), ("3528", 16)]
        )
        body = prefix + "".join(random.choice("0123456789") for _ in range(length - len(prefix) - 1))
        digits = next(body + check for check in "0123456789" if passes_luhn(body + check))
        separator = random.choice([" ", "-", "", ".", "\u00a0", " - "])
        typed = separator.join(digits[at : at + 4] for at in range(0, length, 4))
        text = random.choice(
            ["{}", "my card {} please", "it was {}.", "card no: {}, name on it", "({})"]
        ).format(typed)
        if digits[-6:] in "".join(filter(str.isdecimal, masker.hide(text).shown)):
            missed.append(text)
    assert len(missed) <= 3, missed


def test_what_is_masked_is_read_as_plain_words_and_may_come_with_what_is_vaulted(
    masker: Pseudonymiser,
) -> None:
    hidden = masker.hide("my card 4111 1111 1111 1111 and tom@a.example, password: Hunter22")
    assert hidden.text == "my card card number and EMAIL_1, password: password"
    assert hidden.shown == "my card [card number removed] and tom@a.example, password: [password removed]"
    assert hidden.masked == ("card", "password")
    assert list(hidden.placeholders) == ["EMAIL_1"]


def test_a_telephone_number_that_is_asked_for_is_no_card(masker: Pseudonymiser) -> None:
    assert masker.hide("+4915123456789012"[:14], asked="phone").masked == ()
    assert masker.hide("4111 1111 1111 1111", asked="phone").masked == ("card",)


def test_without_words_of_health_the_rest_is_found_all_the_same() -> None:
    hidden = Pseudonymiser(masking=Masking(), recogniser=Path("untrained")).hide("I have cancer, cvv 123")
    assert hidden.masked == ("card",)
    assert hidden.shown == "I have cancer, cvv [card removed]"


def test_check_digits_of_bank_accounts() -> None:
    assert is_iban("GB29 NWBK 6016 1331 9268 19")
    assert not is_iban("GB28 NWBK 6016 1331 9268 19")
    assert not is_iban("GB29")
