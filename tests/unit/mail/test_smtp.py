"""Letters over real SMTP."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.mail.interfaces import Attachment, Letter, MailRefused, MailUnavailable
from actions.mail.smtp import SmtpSender, address, written
from actions.settings import Settings
from tests.unit.mail.servers import Mailbox, free_port, silent_server, smtp_server

CSV = 'name,note\r\n"Priya","=1+1 – ünï"\r\n'
LETTER = Letter(
    to="priya@hartwell.example",
    subject="Grüße – your code",
    text="The code is 481 206.\n\nA line that is much longer than " + "very " * 300 + "long.\n",
    html="<p>The code is <b>481&nbsp;206</b>.</p>",
    attachments=(Attachment("copy.csv", "text/csv", CSV),),
    message_id="<0123456789abcdef@flexiva.example>",
    at=datetime(2026, 11, 23, 10, 44, tzinfo=UTC),
)


def sender(port: int, *, tls: bool = False, timeout: float = 5.0) -> SmtpSender:
    us = address("privacy@flexiva.example", "Flexiva privacy")
    return SmtpSender("127.0.0.1", port, us, tls=tls, timeout=timeout)


def test_a_letter_arrives_whole() -> None:
    with smtp_server() as mailbox:
        sender(mailbox.port).send(LETTER)
    (letter,) = mailbox.letters
    assert mailbox.envelopes == [("privacy@flexiva.example", ["priya@hartwell.example"])]
    assert letter["From"] == "Flexiva privacy <privacy@flexiva.example>"
    assert letter["To"] == "priya@hartwell.example"
    assert letter["Subject"] == LETTER.subject
    assert letter["Message-ID"] == LETTER.message_id
    assert letter["Date"].datetime == LETTER.at
    assert letter["Auto-Submitted"] == "auto-generated"
    plain, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == LETTER.text
    assert html.get_content().strip() == LETTER.html
    (attachment,) = letter.iter_attachments()
    assert (attachment.get_filename(), attachment.get_content_type()) == ("copy.csv", "text/csv")
    assert attachment.get_payload(decode=True) == CSV.encode()


@pytest.mark.parametrize(
    ("mailbox", "error"),
    [
        (Mailbox(recipient="550 5.1.1 priya@hartwell.example unknown"), MailRefused),
        (Mailbox(recipient="450 4.2.1 priya@hartwell.example busy"), MailUnavailable),
        (Mailbox(data="554 5.7.1 no thanks, priya@hartwell.example"), MailRefused),
        (Mailbox(data="451 4.3.0 later"), MailUnavailable),
    ],
)
def test_refused_for_good_is_told_from_not_now_without_quoting_the_address(
    mailbox: Mailbox, error: type[Exception]
) -> None:
    with smtp_server(mailbox), pytest.raises(error) as raised:
        sender(mailbox.port).send(LETTER)
    assert "priya" not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


def test_no_server_is_not_now() -> None:
    with pytest.raises(MailUnavailable, match="ConnectionRefusedError"):
        sender(free_port()).send(LETTER)


def test_a_silent_server_does_not_hold_us_up() -> None:
    with silent_server() as port:
        began = time.monotonic()
        with pytest.raises(MailUnavailable):
            sender(port, timeout=0.3).send(LETTER)
        assert time.monotonic() - began < 3


def test_with_tls_asked_for_nothing_is_sent_in_the_clear() -> None:
    with smtp_server() as mailbox, pytest.raises(MailUnavailable):
        sender(mailbox.port, tls=True).send(LETTER)
    assert mailbox.letters == []


@pytest.mark.parametrize(
    "to",
    [
        "",
        "priya",
        "priya@",
        "@hartwell.example",
        "priya@hartwell.example\r\nBcc: all@hartwell.example",
        "priya@hartwell.example\n",
        "priya@hartwell.example\u2028x",
        "priya@hartwell.example, sam@hartwell.example",
        "priya@hartwell.example,sam@hartwell.example",
        "Priya <priya@hartwell.example>",
        "priya@hartwell.example\x00",
    ],
)
def test_only_one_address_is_an_address(to: str) -> None:
    with pytest.raises(MailRefused):
        address(to)
    with smtp_server() as mailbox, pytest.raises(MailRefused):
        sender(mailbox.port).send(replace(LETTER, to=to))
    assert mailbox.letters == []


@given(st.text(max_size=80))
def test_no_subject_becomes_a_second_header(subject: str) -> None:
    us = address("privacy@flexiva.example")
    try:
        message = written(replace(LETTER, subject=subject), us)
    except MailRefused:
        assert not subject.isprintable()
        return
    known = ["from", "to", "subject", "message-id", "date", "auto-submitted", "x-auto-response-suppress"]
    names = [name.lower() for name in message.keys()]  # noqa: SIM118 (a message's keys repeat)
    assert sorted(names) == sorted([*known, "content-type", "mime-version"])
    assert b"\nBcc:" not in message.as_bytes()


def test_settings_name_the_server_and_the_organisation_the_sender() -> None:
    chosen = SmtpSender.from_settings(Settings(smtp_host="mail.example", smtp_port=587, smtp_tls=True))
    assert (chosen.host, chosen.port, chosen.tls) == ("mail.example", 587, True)
    assert str(chosen.sender) == "Flexiva privacy <privacy@flexiva.example>"
