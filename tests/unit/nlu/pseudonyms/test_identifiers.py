"""What is hidden of each kind, and in which normal form."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from nlu.pseudonyms import Pseudonymiser
from tests.unit.nlu.pseudonyms.spellings import spelled

PRIYA = "priya@hartwell.example"


@pytest.mark.parametrize(
    ("text", "hidden", "values"),
    [
        ("please delete priya@hartwell.example", "please delete EMAIL_1", [PRIYA]),
        ("Priya.Shah+news@HARTWELL.Example!", "EMAIL_1!", ["Priya.Shah+news@hartwell.example"]),
        ("priya at hartwell dot example", "EMAIL_1", [PRIYA]),
        ("my email is priya (at) hartwell [dot] example, thanks", "my email is EMAIL_1, thanks", [PRIYA]),
        ("priya @ hartwell . example", "EMAIL_1", [PRIYA]),
        ("ｐｒｉｙａ＠ｈａｒｔｗｅｌｌ．ｅｘａｍｐｌｅ", "EMAIL_1", [PRIYA]),
        ("<mailto:priya@hartwell.example?subject=hi>", "<mailto:EMAIL_1?subject=hi>", [PRIYA]),
        ("[priya](mailto:priya@hartwell.example)", "[priya](mailto:EMAIL_1)", [PRIYA]),
        ("jürgen.müller@bücher.example", "EMAIL_1", ["jürgen.müller@bücher.example"]),
        ("o'brien@firm.ie, 'x@y.example'", "EMAIL_1, 'EMAIL_2'", ["o'brien@firm.ie", "x@y.example"]),
        ("priya dot shah at hartwell dot co dot uk please", "EMAIL_1 please", ["priya.shah@hartwell.co.uk"]),
        ("p r i y a at h a r t w e l l dot example", "EMAIL_1", [PRIYA]),
        ("it's grace nine nine at hartwell dot example", "it's EMAIL_1", ["grace99@hartwell.example"]),
        ("tom underscore b at north dash gate dot example", "EMAIL_1", ["tom_b@north-gate.example"]),
        ("priya_at_hartwell_dot_example", "EMAIL_1", [PRIYA]),
        ("priyaAThartwellDOTexample", "EMAIL_1", [PRIYA]),
        ("priya at gmail", "EMAIL_1", ["priya@gmail"]),
        ('"priya shah"@hartwell.example', "EMAIL_1", ['"priya shah"@hartwell.example']),
        ("priya@hartwell.example.Please delete", "EMAIL_1.Please delete", [PRIYA]),
        ("priya@hartwell.example.please delete", "EMAIL_1.please delete", [PRIYA]),
        ("Delete me. priya@hartwell. example", "Delete me. EMAIL_1", [PRIYA]),
        ("priya@hartwell", "EMAIL_1", ["priya@hartwell"]),
        ("priya@@hartwell.example", "EMAIL_1", [PRIYA]),
        (
            "tom@a.example;grace@b.example,tom@A.example",
            "EMAIL_1;EMAIL_2,EMAIL_1",
            ["tom@a.example", "grace@b.example", "tom@a.example"],
        ),
        ("email=priya@hartwell.example&x=1", "email=EMAIL_1&x=1", [PRIYA]),
    ],
)
def test_email_addresses(pseudonymiser: Pseudonymiser, text: str, hidden: str, values: list[str]) -> None:
    found = pseudonymiser.hide(text)
    assert found.text == hidden
    assert [one.value for one in found.found] == values


@pytest.mark.parametrize(
    ("text", "hidden", "value"),
    [
        ("ring 07911 123456 now", "ring PHONE_1 now", "+447911123456"),
        ("(020) 7946 0958", "PHONE_1", "+442079460958"),
        ("0161-496-0822.", "PHONE_1.", "+441614960822"),
        ("01632.960.418", "PHONE_1", "+441632960418"),
        ("020/7946/0958", "PHONE_1", "+442079460958"),
        ("0 7 9 1 1 1 2 3 4 5 6", "PHONE_1", "+447911123456"),
        ("０７９１１ １２３４５６", "PHONE_1", "+447911123456"),
        ("٠٧٩١١١٢٣٤٥٦", "PHONE_1", "+447911123456"),
        ("O7911 I23456", "PHONE_1", "+447911123456"),
        ("07911123456thanks", "PHONE_1 thanks", "+447911123456"),
        ("+44 (0)20 7946 0958 ext 12", "PHONE_1", "+442079460958"),
        ("+44.7911.123456", "PHONE_1", "+447911123456"),
        ("0044 7911 123456", "PHONE_1", "+447911123456"),
        ("tel:+447911123456", "tel:PHONE_1", "+447911123456"),
        ("447911123456", "PHONE_1", "+447911123456"),
        ("plus four four seven nine double one, one two three four five six", "PHONE_1", "+447911123456"),
        ("oh seven seven double oh nine hundred four four one", "PHONE_1", "+447700900441"),
        ("oh twenty, seventy nine forty six, oh nine fifty eight", "PHONE_1", "+442079460958"),
        ("+33 1 23 45 67 89", "PHONE_1", "+33123456789"),
        ("+1 (415) 555-2671", "PHONE_1", "+14155552671"),
        ("(415) 555-2671", "PHONE_1", "+14155552671"),
        ("my mobile is 7911 123456", "my mobile is PHONE_1", "+447911123456"),
        ("Childline's 0800 1111", "Childline's PHONE_1", "+448001111"),
        ("call me on 946 0958", "call me on PHONE_1", "9460958"),
    ],
)
def test_telephone_numbers(pseudonymiser: Pseudonymiser, text: str, hidden: str, value: str) -> None:
    found = pseudonymiser.hide(text)
    assert found.text == hidden
    assert [one.value for one in found.found] == [value]


def test_neighbouring_telephone_numbers_are_told_apart(pseudonymiser: Pseudonymiser) -> None:
    found = pseudonymiser.hide("07911 123456 020 7946 0958 / +44 7911 123456")
    assert found.text == "PHONE_1 PHONE_2 / PHONE_1"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("634567", "634567"),
        ("it's 415 555 26", "41555526"),
        ("7911123456", "+447911123456"),
        ("01234567890", "+441234567890"),
    ],
)
def test_a_telephone_that_was_asked_for_may_be_incomplete(
    pseudonymiser: Pseudonymiser, text: str, value: str
) -> None:
    assert [one.value for one in pseudonymiser.hide(text, asked="phone").found] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "481206",
        "481 206",
        "481-206.",
        "48 12 06",
        "4 8 1 2 0 6",
        "4-8-1-2-0-6",
        "it's four eight one two oh six",
        "four eight one, two oh six",
        "four ate one to oh six",
        "481 2O6",
        "CODE:481206",
        "the code is 481206!",
        "４８１２０６",
        "(481206)",
        "#481206",
        "forty eight twelve oh six",
        "481\u200b206",
    ],
)
def test_codes_that_were_asked_for(pseudonymiser: Pseudonymiser, text: str) -> None:
    found = pseudonymiser.hide(text, asked="code")
    assert [(one.kind, one.value) for one in found.found] == [("code", "481206")]
    assert "CODE_1" in found.text


@pytest.mark.parametrize(
    "text",
    [
        "481206 is my code",
        "I typed 481 206 as the code",
        "my code is 481206",
        "the code you sent me was 481 206",
        "passcode: 481-206",
    ],
)
def test_codes_that_the_text_announces(pseudonymiser: Pseudonymiser, text: str) -> None:
    assert [one.value for one in pseudonymiser.hide(text).found] == ["481206"]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("481206", None),
        ("481206", "email"),
        ("I can't get at that mailbox", "code"),
        ("on 26/11/2024 at 10:15", "code"),
        ("26-11-24", "code"),
        ("it cost £481206 and 1,481,206", "code"),
        ("48120", "code"),
        ("4812067", "code"),
        ("invoice 481206", "code"),
        ("sort code 123456, error code 500123", None),
    ],
)
def test_what_is_no_code(pseudonymiser: Pseudonymiser, text: str, asked: str | None) -> None:
    assert pseudonymiser.hide(text, asked=asked).text == text


@pytest.mark.parametrize(
    "text",
    [
        "PR-7F3K-9Q2M",
        "pr-7f3k-9q2m",
        "PR 7F3K 9Q2M",
        "pr7f3k9q2m",
        "PR–7F3K–9Q2M",
        "#PR-7F3K-9Q2M.",
        "PR_7F3K_9Q2M",
        "p r dash 7 f 3 k dash 9 q 2 m",
        "РR-7F3К-9Q2М",
        "ＰＲ－７Ｆ３Ｋ－９Ｑ２Ｍ",
        "my reference is 7F3K-9Q2M",
    ],
)
def test_references(pseudonymiser: Pseudonymiser, text: str) -> None:
    assert [(one.kind, one.value) for one in pseudonymiser.hide(text).found] == [
        ("reference", "PR-7F3K-9Q2M")
    ]


def test_misread_letters_of_a_reference_are_put_right(pseudonymiser: Pseudonymiser) -> None:
    assert [one.value for one in pseudonymiser.hide("PR-OI2L-9Q2M").found] == ["PR-0121-9Q2M"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("SW1A 1AA", "SW1A 1AA"),
        ("sw1a1aa", "SW1A 1AA"),
        ("m1 1ae", "M1 1AE"),
        ("EC1A1BB", "EC1A 1BB"),
        ("DN55-1PT", "DN55 1PT"),
        ("SWIA 1AA", "SW1A 1AA"),
        ("S W 1 A 1 A A", "SW1A 1AA"),
        ("gir 0aa", "GIR 0AA"),
        ("b33 8th", "B33 8TH"),
        ("WC1A OAX", "WC1A 0AX"),
    ],
)
def test_postcodes(pseudonymiser: Pseudonymiser, text: str, value: str) -> None:
    found = pseudonymiser.hide(f"I'm at {text}, thanks")
    assert found.text == "I'm at POSTCODE_1, thanks"
    assert found.found[0].value == value


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("my customer number is 12345", "customer", "12345"),
        ("account no. 0012345", "customer", "0012345"),
        ("agreement no: AG-2024-117", "agreement", "AG-2024-117"),
        ("contract ref SLA/2023/9", "agreement", "SLA/2023/9"),
    ],
)
def test_account_numbers_that_the_text_announces(
    pseudonymiser: Pseudonymiser, text: str, kind: str, value: str
) -> None:
    assert [(one.kind, one.value) for one in pseudonymiser.hide(text).found] == [(kind, value)]


def test_account_numbers_of_the_companys_own_form() -> None:
    forms = {"customer": ["BSG-?[0-9]{5}"], "agreement": ["AGR[0-9]{4}"]}
    own = Pseudonymiser(numbers=forms, recogniser=Path("untrained"))
    assert (
        own.hide("bsg12345 under AGR0099, not BSG-123456").text
        == "CUSTOMER_1 under AGREEMENT_1, not BSG-123456"
    )


@pytest.mark.parametrize("kind", ["email", "phone", "code", "reference", "postcode"])
def test_adversarial_spellings_are_hidden(pseudonymiser: Pseudonymiser, kind: str) -> None:
    random = Random(20241126)
    examples = [spelled(random, kind) for _ in range(1500)]
    missed = []
    for example in examples:
        hidden = pseudonymiser.hide(example.text, asked=example.asked)
        if [(one.kind, one.value) for one in hidden.found] != [(example.kind, example.value)]:
            missed.append((example.text, hidden.text))
    assert len(missed) <= 0.005 * len(examples), missed
