"""What must stay as it was typed."""

from __future__ import annotations

import pytest

from nlu.pseudonyms import Pseudonymiser

UNTOUCHED = (
    "Mark my record for deletion",
    "Will you grant access? May I object?",
    "please erase everything you have on me",
    "Under Article 17 and Article 15(1)(a) to (h) of the UK GDPR",
    "policy section 9.4 and 10.2.1, paragraph 8.10",
    "within 72 hours, 30 days or 1 calendar month",
    "it cost £1,200.50, then £99, then 1,234,567 pounds",
    "from 26/11/2024 to 01/02/2025 at 10:15",
    "2024-11-26T09:30:00Z",
    "26.11.2024 and 01-02-03",
    "between 2019-2024, or 2019 – 2024",
    "office hours are 0900-1700",
    "invoice 07911123456, order 0123456789, ticket #0044791112",
    "restore the deleted sales order 88214 please",
    "order ID 4111111111111111",
    "export 10,000 rows and 12345678 records",
    "version 3.11.7 build 20241126.1 on 192.168.0.1",
    "0.1 0.2 0.3 0.4 0.5 0.6",
    "the Data Protection Act 1998 and Regulation (EU) 2016/679",
    "PR agencies and the PR team have data",
    "show my prefrences, I pressed the wrong thing, preserve my data",
    "have a look at flexiva.co.uk or www.flexiva.co.uk/support",
    "contact us at example.com",
    "I work at Hartwell. Then I left",
    "I met him at the dot com boom",
    "I did a module on databases at Dundee. Module's over",
    "we agreed at 9.30 and again @ 5",
    "Unit B1 2nd floor",
    "there are 2 of us at no 10",
    "e1 people to 1 of us",
    "one two three testing",
    "I asked two or three times, for six or seven weeks",
    "error code 500123 and sort code 123456",
    "call me back tomorrow",
    "text STOP to 60777",
    "is my customer number on file?",
    "my agreement ends in 2026",
    "ISBN 0306406152 is the book",
    "100% sure, 50 per cent",
    "привет, удалите мои данные",
    "删除我的数据",
    "🙏🙏 any news???????",
    "a / b // c",
)


@pytest.mark.parametrize("text", UNTOUCHED)
def test_text_without_personal_data_stays_as_it_is(pseudonymiser: Pseudonymiser, text: str) -> None:
    hidden = pseudonymiser.hide(text)
    assert hidden.text == text
    assert hidden.found == ()


@pytest.mark.parametrize("asked", ["email", "code", "phone", "name", "value"])
@pytest.mark.parametrize(
    "text",
    [
        "I can't get at that mailbox",
        "cancel",
        "why do you need that?",
        "send it again please",
        "no, on 26/11/2024 it was £5",
    ],
)
def test_an_answer_that_is_none_stays_as_it_is(pseudonymiser: Pseudonymiser, text: str, asked: str) -> None:
    assert pseudonymiser.hide(text, asked=asked).text == text
