"""Answers from the policy: found by section and put into words."""

from __future__ import annotations

from functools import lru_cache

from pydantic import ValidationError

from actions.conversations.interfaces import Card
from actions.policy.files import answer_files, folder, read
from actions.policy.interfaces import AnswersFile, Entry, PolicyAnswer
from actions.wording import organisation, phrase
from actions.wording.interfaces import WordingError

ASK_THE_TEAM = "contact_dpo"


def answer(section: str) -> PolicyAnswer | None:
    """The answer of a section.

    Args:
        section: its number, or a row of it: `9.4`, `12`, `12/erasure`.

    Raises:
        WordingError: a file of the folder is malformed.
    """
    return _answers().get(section)


def sections() -> tuple[str, ...]:
    """Every section that has an answer, rows included, in the policy's order."""
    return tuple(_answers())


def text(given: PolicyAnswer) -> str:
    """What is said, with the section it rests on: less if nobody approved the answer.

    Some sentences of the policy are weak law, so an answer without approval only reports them, and sends the
    contact to the data protection team.
    """
    if given.approved is None:
        return phrase("policy.unapproved", text=_cited(given.policy_says, given.section))
    return _cited(given.we_say, given.section)


def card(given: PolicyAnswer) -> Card:
    """Where an answer comes from: what the policy says, where and in which version, and who approved it."""
    rows = [("where", phrase("policy.where", url=given.url, section=given.section, version=given.version))]
    if given.approved is None:
        rows.append(("approved", phrase("policy.not_approved")))
    else:
        rows.insert(0, ("says", given.policy_says))
        on = f"{given.approved.date.day} {given.approved.date:%B %Y}"
        rows.append(("approved", phrase("policy.approved", by=given.approved.by, on=on)))
    return {
        "title": phrase("policy.card", section=given.section, title=given.title),
        "rows": [{"id": name, "label": phrase(f"policy.row.{name}"), "value": value} for name, value in rows],
    }


@lru_cache(maxsize=1)
def _answers() -> dict[str, PolicyAnswer]:
    found: dict[str, PolicyAnswer] = {}
    for path in answer_files(folder()):
        try:
            file = AnswersFile.model_validate(read(path).content)
        except ValidationError as error:
            raise WordingError(f"{path} is malformed: {error.errors()[0]['msg']}.") from error
        for entry in file.answers:
            found[entry.section] = _filled(entry, file.version)
    return dict(sorted(found.items(), key=lambda item: _order(item[0])))


def _filled(entry: Entry, version: str) -> PolicyAnswer:
    ours = organisation()
    approved = entry.approved if version == ours.policy_version else None
    # Who is told less is sent to somebody who can tell more.
    more = (ASK_THE_TEAM,) if approved is None and ASK_THE_TEAM not in entry.next else ()
    return PolicyAnswer(
        key=entry.section,
        section=entry.section.partition("/")[0],
        title=entry.title,
        policy_says=entry.policy_says.format(organisation=ours),
        we_say=entry.we_say.format(organisation=ours),
        next=(*entry.next, *more),
        version=version,
        url=ours.policy_url,
        approved=approved,
    )


def _order(key: str) -> tuple[list[int], str]:
    number, _, row = key.partition("/")
    return [int(part) for part in number.split(".")], row


def _cited(sentences: str, section: str) -> str:
    citation = phrase("policy.citation", section=section)
    return f"{sentences[:-1]} {citation}{sentences[-1]}"
