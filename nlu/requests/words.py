"""The words by which one clause ends and the next begins, in lower case."""

from __future__ import annotations

import re


def _one_of(*alternatives: str) -> str:
    return "(?:" + "|".join(alternatives) + ")"


ABBREVIATION = re.compile(
    r"\b(?:mr|mrs|ms|dr|prof|st|no|nr|arts?|para|sec|approx|inc|ltd|co|e\.g|i\.e|eg|ie|etc|vs|tel|re|cc"
    r"|dept|ref)\.$",
    re.IGNORECASE,
)
"""What a full stop does not end."""

POLITE = _one_of(
    r"(?:please|pls|plz|kindly|also|just|simply|then|now|actually|instead|only|maybe|too|ok|okay|again"
    r"|next)\W+",
    r"(?:first|second|third|firstly|secondly|thirdly|lastly|finally|afterwards|additionally)\W+",
    r"(?:furthermore|moreover|besides|while you'?re at it|after that|before that|at the same time)\W+",
    r"(?:in the meantime|until then|first of all|last of all)\W+",
    r"once (?:that|it|they|i|you|we)(?:'?s|'?ve|'?re| have| has| is| are) (?:\w+ ){0,3}?\w+\W+",
    r"(?:permanently|immediately|completely|fully|promptly|securely|irrevocably|at once|formally)\W+",
    r"(?:in addition|on top of that|meanwhile|thirdly|oh|hey|well|anyway|by the way)\W+",
)
"""Words that may stand before the word that tells a clause."""

_VERBS = """
access act add adjust advise allow amend anonymise anonymize answer archive ask axe bin block book bring
call cancel cease change check chuck claim clarify clean clear close confirm connect consider contact
copy correct deactivate deal delete deregister destroy detail disable disclose disconnect discontinue
dispose disregard ditch download drop dump e-mail edit eliminate email enable end ensure erase escalate
exclude exempt exercise explain export expunge find fix flag follow forbid forget forward freeze get
give halt hand handle have hide hold identify ignore include inform keep leave let lift limit list
locate lock look lose mail make mark modify move note notify nuke object obliterate offer open opt
outline pass pause permit phone post preserve prevent print process prohibit provide pull purge put quit
raise re-subscribe recover rectify reduce refrain refresh refuse register reinstate reject release
remind remove rename replace reply report resend reset resolve respond restart restore restrict
resubscribe resume retain retract return reveal revise revoke ring save schedule scrap scratch scrub
search send set share shoot show shred sign sort speak specify start state stop strike strip subscribe
summarise summarize supplement supply suspend swap switch take talk tell terminate text trace transfer
transmit trash treat turn undo unfreeze unlist unsub unsubscribe update upload use vanish verify want
wipe wish withdraw withhold write
"""

_VERB = _one_of(*sorted(map(re.escape, _VERBS.split()), key=len, reverse=True))
"""Verbs that begin an order."""

_SUBJECT = _one_of(
    r"i|i'[a-z]+|im|ive|id|ill|we|we'[a-z]+|you|u|you'[a-z]+|they|they'[a-z]+|he|she|it|it'?s|there",
    r"that'?s|this is|someone|somebody|nobody|no one|everybody|everyone",
)

_QUESTION = _one_of(
    r"(?:(?:from|by|to|for|in|on|within|at|with|under) )?(?:how|what|which|whom|where|when)",
    r"how|what|what'?s|wot|where|where'?s|when|who|who'?s|whom|why|which|whether",
    r"do (?:you|u|i|we|they)|does|did (?:you|i|anyone|anybody|someone|somebody)|am i",
    r"are (?:you|there|my|we|they)",
    r"is (?:it|there|this|my|that|the|anyone|someone)|was (?:it|there|my|i)|were",
    r"has (?:it|my|anyone|anybody|somebody|the)|have (?:you|i|u)|if (?:i|we|somebody|someone|a person)",
    r"can|could|would|will|may i|shall|should i",
)

_REFUSAL = _one_of(r"don'?t|do not|no longer|no more|never|no need|not|no|let'?s|nothing|hereby")

_WISH = (
    r"to (?:know|see|have|be|get|find|hear|receive)|(?:a|an|the|my) (?:\w+ )?(?:copy|export|printout"
    r"|download|list) of"
    r"|(?:hands|out) (?:off|with)|to (?:cease|stop|end|delete|erase|remove|correct|update|freeze)"
)

_FINITE = _one_of(
    r"is|are|was|were|has|have|isn'?t|aren'?t|should|needs?|must|changed|will|can'?t|doesn'?t|won'?t",
    r"does|did|says?|got|gets|came|comes|keeps?|went|belongs|contains?|looks?|shows?|goes",
)

_NAMED_SUBJECT = (
    rf"(?:my|our|your|the|his|her|their|this|that|these|those|all|any|every)(?: [\w'-]+){{1,4}}? {_FINITE}\b"
)
"""A noun with its verb: "my number is wrong"."""

OPENER = re.compile(
    rf"{POLITE}*{_one_of(_VERB, _SUBJECT, _QUESTION, _REFUSAL, _WISH, _NAMED_SUBJECT)}(?![\w'])"
    rf"|{POLITE}*(?:please|pls|plz)\b"
)
"""The beginning of a clause that can stand on its own."""

_FORESEEN = _one_of(
    r"find|see|understand|recall|remember|know|have|be|notice|appreciate|agree|forgive|think|say|want|need",
    r"get|hear|note|answer|call|keep|look|tell me (?:that|it)|reply",
)

_ORDER_WORDS = _one_of(
    r"please|pls|plz|kindly|hereby|let me|let us",
    r"(?:i|we)(?:'d|'ll)? (?:(?!don'?t|not|never)[\w']+ ){0,3}?(?:request|ask|demand|require|insist|want|wish"
    r"|object|withdraw|revoke|exercise|need|complain)",
    r"(?:i|we)(?:'d| would| should) (?:\w+ ){0,2}?(?:like|love|prefer|appreciate|be (?:\w+ )?(?:glad"
    r"|grateful|happy|pleased|obliged))",
    r"(?:can|could|would|will|may|might) (?:you|u|i|we|somebody|someone|anybody|anyone)",
    r"(?:i am|i'm|im|we are) (?:\w+ )?(?:writing to|asking|requesting|objecting|withdrawing|complaining"
    r"|exercising|calling on)",
    r"(?:take|treat|regard|consider|accept) this (?:\w+ )?(?:as|to be)|this is (?:a"
    r"|my) (?:\w+ )?(?:request|objection|complaint)",
    r"(?:my|a|the) (?:formal )?(?:request|objection|complaint) (?:is|that)",
    r"my (?:\w+ ){1,3}(?:request|wish|demand) is|(?:i|we) expect you to|be so (?:kind|good) as to",
    r"it would be (?:\w+ )?(?:kind|good|great|helpful|nice) (?:of you|if you)",
    r"no longer (?:want|wish|consent|agree)|(?:do not|don't|dont) (?:want|wish|consent|agree|accept)",
    r"(?:must|should|shall|has to|have to) (?:now )?(?:be )?(?:stop|end|cease|correct|delet|eras|remov"
    r"|restrict|tell|told)\w*",
    r"and (?:hereby |therefore )?(?:require|request|ask|demand|insist|want|wish)",
    # "You'll find" tells; "you'll send no more" orders.
    rf"you(?:'ll| will|'re to| are to) (?!{_FORESEEN}\b)(?:now |then |please |kindly |not )?{_VERB}",
    r"i (?:hereby |therefore |also )?(?:take back|retract|rescind|report)|(?:i am|i'm) reporting",
    r"i(?:'m| am| was)? wonder(?:ed|ing)? (?:whether|if|how|when|where|who|what)",
    r"what i(?:'m| am|'d)? (?:need|want|ask(?:ing)?|would like|like) ",
    r"it is (?:time|necessary) (?:to|that)|needs? (?:to be )?\w+(?:ed|ing)",
)

_WHEN = r"(?:(?:when|once|after|as soon as) [^,;.!?]{1,80}, ?)?"

_NEXT = r"(?:(?:and|so|but|then|therefore|first|second|third|firstly|secondly|thirdly|finally)\W+)*"

ORDER = re.compile(
    rf"^\W*{_NEXT}{_WHEN}{_NEXT}{POLITE}*"
    rf"(?!(?:have|use|state|hold|look|contact)\b){_VERB}(?![\w'])"
    rf"|\b{_ORDER_WORDS}\b|^\W*{POLITE}*(?:do not|don't|dont|no more|never)\b"
)
"""What marks a plain order: "please", "I request", "could you", a verb at the beginning."""

OTHERS_WISH = re.compile(r"\b(?:wants?|wishes|needs?|asks|demands|requests|would like|has asked|asked me)\b")
"""What somebody else is said to wish."""

ANAPHORA = re.compile(rf"\W*{POLITE}*{_VERB} (?:it|that|this|them|those|these)\b(?:\W+\w+){{0,2}}\W*$")
"""An order about what stands before: "please update it"."""

PLAIN_QUESTION = re.compile(
    rf"(?:^|[,;:]|\band\b)\W*{POLITE}*(?:how|what|where|who|whom|which|why|do you|did you|have you)\b"
)
"""The beginning of a plain question."""

_CONJUNCTION = _one_of(
    r"and also|and then|and after that|and|also|but also|but|plus|as well as|then|n|or|yet|so|however",
    r"additionally|furthermore|moreover|besides|meanwhile|after which|after that|afterwards|whereas",
    r"though|although|while|instead|otherwise|because|cos|coz|cuz|bc|since|as(?! well\b)|given that",
    r"seeing that|now that|in order to|before",
)

JOINT = re.compile(
    rf"\s*(?:[,;]\s*)?\b{_CONJUNCTION}\b\s*"
    r"|\s*[,;]\s*|\s+[&+/]\s+|\s*[\u2013\u2014]\s*|\s+-{1,3}\s+|\s*:\s+|\s*[()]\s*|\s*\.{2,}\s*"
)
"""Where a clause may end."""

CONDITION = re.compile(
    rf"\W*(?:(?:and|but|so|or)\W+)?{POLITE}*"
    r"(?:if(?! you (?:could|would|can)\b)|when|whenever|once|unless|suppos\w+|assuming|imagine|in case|say i"
    r"|let'?s say|should i|were i"
    r"|as soon as|until)\b"
    r"[^,;:]*$"
)
"""A condition that still waits for what depends on it."""

SUPPOSITION = re.compile(
    rf"\W*{POLITE}*(?:suppos\w+|assum\w+|imagine|let'?s say|say (?:i|we|you|a|an|some\w*|one)\b"
    rf"|hypothetically)"
)
"""The beginning of a sentence that supposes what the next one asks about."""

IDLE_CONDITION = re.compile(
    r"(?i)^\W*if (?:so|not|possible|there (?:is|are)(?: any| one)?|you (?:do|can|must|like|please)"
    r"|that'?s ok(?:ay)?"
    r"|it is|this is the case|that is the case|i may)\b[\s,]+(?=\w+ \w+)"
)
"""A condition that changes nothing: "if so, …"."""

CITED_BETWEEN = re.compile(
    r"(?i),\s+((?:in accordance with|in line with|pursuant to|by virtue of|under)\s[^,;:!?\n]{3,60}),"
    r"(?=\s+(?:to|that)\b)"
)
"""A rule that is named in the middle of an order: "I ask you, in accordance with Article 17, to …"."""

RULED_OUT = re.compile(
    r"\b(?:no|not|n't|nothing|none|never|without|neither|nor|rather than|instead of|don'?t)\b|n't\b"
)
CONTRAST = re.compile(r"\W*(?:only|just|simply|merely|but|instead|rather)\b|\W*(?:an?|the|my) [\w'-]+")
"""What is wanted after something was ruled out: "no copy, only an update"."""

KEPT = re.compile(
    r"\b(?:keep|hold on to|leave|retain|store) (?:all )?(?:my|the|that|this|it|them|everything)(?: \w+){0,3}$"
)
UNUSED = re.compile(
    r"\W*(?:but|and|yet)\W+(?:please )?(?:do not|don'?t|never|no one|nobody|without|stop) ?"
    r"(?:\w+ ){0,2}(?:do\b|use|using|touch|work|process|look|go near|let)"
)
"""What is to be kept, and that nothing is to be done with it."""

REASON = re.compile(
    r"\b(?:because|cos|coz|cuz|bc|since|given that|seeing that|now that|in order to|as)\b\s*$"
)
"""A joint after which a reason follows."""

OR = re.compile(r"\bor\b")

ALTERNATIVE = re.compile(r"\W*or\b")
"""The beginning of another answer to a question."""

NOT_TO_BE_DONE = re.compile(
    r"\W*(?:(?:and|but|so|also|please)\W+)*(?:do not|don't|never|nobody (?:is to|may)|no more) (?:\w+ )?"
    r"(?:pass\w*|shar\w+|sell\w*|giv\w+|hand\w*|trad\w+|track\w*|profil\w+|scor\w+|log\w*|analys\w+"
    r"|monitor\w*|follow\w*|watch\w*|record\w*)\b"
)
"""The beginning of an order not to do something with one's data: "don't pass my details on"."""

CALLS_OFF = re.compile(
    r"\b(?:cancel|scrap|drop|scratch|stop|call off|forget(?: about)?)"
    r" (?:it|that|this|the whole thing|(?:that|this|the|my) (?:\w+ ){0,2}request)\b"
)
"""An order that takes back what was asked for: "if it's not done yet, cancel it"."""
