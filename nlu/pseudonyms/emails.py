"""Finds email addresses, typed, dictated or disguised."""

from __future__ import annotations

import re

from email_validator import EmailNotValidError, validate_email
from spacy.language import Language
from spacy.tokens import Doc

from nlu.pseudonyms import marks
from nlu.pseudonyms.email_parts import NATIONAL, Part, domain_after, local_before
from nlu.pseudonyms.lexicon import PROSE, PROVIDERS, ROLES
from nlu.pseudonyms.reading import Reading

_SHOUTED = re.compile(r"([a-z0-9]+)AT([a-z0-9]+)((?:DOT[a-z]+)+)")


class Emails:
    """Claims addresses: looks for an "at" and follows both sides as far as an address can reach."""

    def __call__(self, doc: Doc) -> Doc:
        """Claim the addresses of a text."""
        reading = Reading.of(doc)
        for start, end in sorted(reading.marks.get(marks.AT, {}).items()):
            if reading.free(start, end):
                self._around(doc, reading, start, end)
        for index, word in enumerate(reading.words):
            if (shouted := _SHOUTED.fullmatch(word)) and reading.free(index, index + 1):
                domain = shouted.group(2) + shouted.group(3).replace("DOT", ".")
                reading.claim(doc, index, index + 1, "email", normal(f"{shouted.group(1)}@{domain}"))
        return doc

    def _around(self, doc: Doc, reading: Reading, start: int, end: int) -> None:
        local = local_before(reading, start)
        domain = domain_after(reading, end) if local else None
        if local is None or domain is None or not reading.free(local.edge, domain.edge):
            return
        bare = reading.lowers[start] == "at" or reading.gaps[start] or reading.gaps[end]
        if bare and not _plausible(reading, start, local, domain):
            return
        if "." not in domain.text and not _complete_without_dot(local, domain, bare=bare):
            return
        reading.claim(doc, local.edge, domain.edge, "email", normal(f"{local.text}@{domain.text}"))


def normal(address: str) -> str:
    """An address as it is compared: the domain in lower case, the local part as typed."""
    try:
        return validate_email(address, check_deliverability=False, allow_quoted_local=True).normalized
    except EmailNotValidError:
        local, _, domain = address.rpartition("@")
        return f"{local}@{domain.lower()}"


def _complete_without_dot(local: Part, domain: Part, *, bare: bool) -> bool:
    """A mistyped "priya@hartwell" and a dictated "priya at gmail" are personal too."""
    if bare:
        return domain.text.lower() in PROVIDERS
    return domain.text[0].isalpha() and not local.text.isdecimal()


def _plausible(reading: Reading, at: int, local: Part, domain: Part) -> bool:
    """Tell an address in words ("priya at hartwell.example") from prose ("look at hartwell.example")."""
    word = local.text.lower()
    if not domain.text[:1].isalnum() or word in PROSE:
        return False
    if reading.lowers[at] != "at" or local.spelled or reading.asked == "email":
        return True
    last = domain.text.rpartition(".")[2]
    new_sentence = last.istitle() and (
        # "databases at Dundee. Module's over" against "Priya at Hartwell. Example".
        domain.text != domain.text.title() or (local.text.islower() and reading.gaps[domain.edge - 1])
    )
    sentence_end = domain.typed_dot and (last.lower() in PROSE - NATIONAL or new_sentence)
    return (
        not sentence_end
        and (domain.spelled or word not in ROLES)
        and re.search(r"[^\W\d]", domain.text.partition(".")[0]) is not None
    )


@Language.factory("rightline_emails")
def _create_emails(nlp: Language, name: str) -> Emails:
    return Emails()
