"""Patterns over normalised clauses that mean something only beside others.

They point at what stands before, tell what was asked earlier, or are part of another request.
"""

from __future__ import annotations

import re

WITHDRAWS_IT = re.compile(
    r"\b(?<!\bif )(?<!\bwere )(?P<verb>i(?:'m| am|'d like| would like)?"
    r"(?: (?:now|hereby|herewith|therefore|also|formally|do|wish|want|writing|to)){0,4}"
    r" (?:(?:withdraw|revok|retract|rescind)\w*|tak(?:e|ing) back)) (?:it|this|that)\b"
    r"(?! (?:letter|request|e-?mail))"
)
"""Said of a consent that was named before: "I hereby revoke it"."""

A_CONSENT = re.compile(r"\b(?:consent|permission)\w*")

MAILINGS = re.compile(
    r"\b(?:newsletter|mailing|bulletin|brochure|catalogue|advert|promotion|webinar|marketing|unsubscri"
    r"|(?:special |sales |festive )?offer|sales (?:e-?mail|mail|text|call|message))\w*"
)
"""What one is taken off by "take me off them"."""

ALSO_ASKS = re.compile(
    r"\bi (?:also|further|additionally|likewise) (?:ask|request|require|want|wish) (?:that )?you "
    r"(?:(?:in accordance|in line|pursuant|under|by virtue)\b[^,;:!?]{3,60}?(?= to\b) )?(?:to )?"
    r"(?!(?:not|never)\b)\w+\b(?! (?:nothing|none|not|no)\b)"
)
"""An order beside another: "I also ask that you delete what you gathered"."""

OBJECTS_TO_MARKETING = re.compile(
    r"\bi (?:hereby |also |further |formally )?object (?:(?!to\b)\S+ ){0,4}to "
    r"(?:(?:the )?(?:use|processing) of my (?:personal )?(?:data|details|information) for |receiving |any "
    r"|all |your )*(?:direct |electronic )?marketing\b"
)
"""An objection to marketing messages, and no other."""

PUTS_RIGHT = re.compile(
    r"(?P<asked>^\W*(?:(?:and|so|then|also|please|kindly|firstly?|secondly?) )*"
    r"|\bi (?:hereby |also )?(?:request|ask|require|want|would like) (?:that )?you (?:to )?"
    r"|\b(?:obliged|grateful|glad|pleased) if you (?:would|could) (?:please )?"
    r"|^\W*(?:could|would|will|can) you (?:please |kindly )?)"
    r"(?:(?:correct|rectify|amend) (?:it|that|this|them)|put (?:it|that|this|them|matters) right)\b"
)
"""An order to correct what was said to be wrong before."""

FOR_MAILINGS = re.compile(
    r"\b(?:for|to) (?:(?:all|any|of|those|these|the|your|such|further|more) ){0,3}"
    r"(?:(?:marketing|sales|event) )?(?:e-?mails?|mailings?|newsletters?|texts|(?:phone )?calls)\b"
)
"""What a consent was given for, where it is narrower than all."""

PASSED_ON = re.compile(
    r"\b(?:pass|forward|hand|send|give|direct|route|get)\w* (?:this|the present|my) "
    r"(?:letter|request|e-?mail|message|note|enquiry)\b.{0,30}\b(?:to|for)\b"
)
"""Whom a letter is for, which asks for nothing beside what it says."""

ONCE_DONE = re.compile(
    r"\blet me know (?:when|once|as soon as) (?:it|this|that|they|all)\b.{0,20}"
    r"\b(?:done|sorted|finished|completed?|gone|changed|updated|through)\b"
)
"""What asks for no news of an earlier request, but of this one."""

ASKED_BEFORE = re.compile(
    r"\bi(?:'d| had|'ve| have)?(?: already)? (?:asked|requested|applied|wrote|written)(?: to)?(?: you)?"
    r"(?: for \w+)? "
    r"(?:on|in|last|back|at the|a|some|two|three|several|weeks|months|days)\b"
    r"(?!.*\b(?:please|kindly|i (?:now|want|wish|ask|request)|(?:could|can|would|will) you)\b)"
)
"""Tells of an earlier request: "under this reference I asked you on the 6th to let me have…"."""

A_REQUEST_MADE = re.compile(r"(?:\w+,? )?(?:that|this|the|my|our) (?:\w+ ){0,2}(?:request|application)\b")
"""A request named as one that was made: "that request to have my data removed"."""

SCRAPS_IT = re.compile(
    r"(?:(?:so|just|please|kindly|now|can you|could you) )*"
    r"(?:scrap|forget|cancel|shelve|drop|bin|ignore|tear up|call off|withdraw) (?:about )?(?:it|that|this)\b"
)
"""What is then said of it."""

CALLS_OFF = re.compile(
    r"\W*(?:please |kindly )?(?:do not|don'?t) (?:go (?:ahead|through)|carry on|proceed) with "
    r"(?:(?:my|the|that|case|request) ){0,2}(?:reference|request|case)\b[^.?!;,]{0,40}[.!]?\W*"
)
"""All of a message that calls off what was asked for: "do not go ahead with PR-…, please"."""

ASKED_THEM_TO = re.compile(
    r"\b(?:asked|told|begged|urged|instructed|advised|wanted|had)"
    r" (?:you|them|him|her|us|people|every(?:one|body))\b(?!.*\b(?:please|now|again|but|so)\b)[^.;:!?]*$"
    r"|\b(?:keeps?|kept) (?:on )?(?:offer|giv|show|suggest)ing (?:me|us)\b[^.;:!?]*$"
    r"|\b(?:said|says|told me|reckons?|advised)(?: (?:me )?to| (?:that )?i should)? (?:just )?"
    r"(?:ask|make|get|write|demand|request|tell)\b(?!.*\b(?:please|now|again|but|so)\b)[^.;:!?]*$"
)
"""The beginning of a sentence that tells what somebody was asked, told or offered to do: "I asked you to
delete me", "he said ask for it", "it keeps offering me"."""

GOES_ON = re.compile(r"^\W*(?:and|or|nor|then|and then|and also|and to|,)\W*$")
"""A joint after which a clause goes on with the one before it."""

WHERE_IT_STANDS = re.compile(
    r"\b(?:tell|let me know|inform|advise|update|to (?:know|hear|learn|be told))\b.{0,40}"
    r"\b(?:(?:where|how) (?:(?:the|this|that|my|all) )?(?:matter|request|case|application|things?|it|we|this)"
    r" (?:now |currently )?(?:stands?|stood|is up to)"
    r"|(?:state|status|stage|progress|position) of (?:the|this|my) "
    r"(?:matter|request|case|application|process(?:ing)?)"
    r"|what the (?:current |present )?(?:state|status|stage) (?:of (?:the|this|my) \w+ )?is)\b"
    r"|\bwhat (?:has |had )?(?:became|become|happened) (?:of|to|with) "
    r"(?:my|the|that) (?:\w+ )?(?:request|application|letter)\b"
)
"""What asks for news of an earlier request: "tell me by return where the matter stands"."""

FORMALLY_ASKS = re.compile(
    r"\bi (?:(?:hereby|formally|therefore|now|must) )?(?:request|require|demand) (?:that )?you (?:to )?"
    r"(?:erase|delete|remove|destroy|restrict|freeze|suspend|cease|stop)\b(?! (?:nothing|none|not|no)\b)"
    r"|\bi (?:(?:hereby|formally|therefore|now|must|also|further) )?(?:request|require|demand|ask)"
    r" (?:for )?(?:the )?(?:immediate |full |complete )?(?:erasure|deletion|restriction) of\b"
    r"|\bi (?:(?:hereby|formally|therefore|now|must|also|further) )?(?:request|require|demand|ask) that"
    r" (?:(?!not\b|no\b)\w+ ){1,10}(?:be|is|are) (?:\w+ )?(?:erased|deleted|removed|destroyed|restricted)\b"
)
"""An order in the words of a letter: "I request that you restrict the processing"."""

NO_MORE_CONTACT = re.compile(
    r"\b(?:do not|don'?t|never) (?:\w+ )?(?:call|ring|phone|text|e-?mail|mail|write|contact|message)"
    r" (?:to )?me\b.{0,20}\b(?:again|any ?more|in future|ever)\b"
    r"|\bi (?:do not|don'?t|no longer) (?:wish|want) to (?:be (?:contacted|called|(?:tele)?phoned|e-?mailed"
    r"|texted|written to)|receive|get|hear)\b.{0,60}\b(?:again|any ?(?:more|longer)|in future|marketing)\b"
)
"""An end of all contact, and not of one call: "please don't email me again, by the way"."""

LEADS_IN = re.compile(
    r"^\W*(?:(?:and|but|then|also)\W+)*(?:in addition(?: to (?:this|that))?|further(?:more)?|moreover|besides"
    r"(?: (?:this|that))?|additionally|secondly|thirdly|independently of (?:this|that)|separately"
    r"|(?:a|one|another) (?:\w+ )?question(?: too| as well)?)\W*$"
)
"""All that stands before what is asked besides: "in addition, …", "and a question: …"."""

REPORTS_IT = re.compile(
    r"\bi(?:'m| am)? (?:hereby |now |also )?(?:(?:want|wish|would like|need|have|writing) to )?"
    r"report(?:ing)? (?:this|that|it|a (?:\w+ )?breach)\b"
)
"""What makes a report of what was told: "I am reporting this to you"."""

HAS_PUT_RIGHT = re.compile(
    r"\bi (?:(?:hereby|formally|therefore|now|must|also|further) )?(?:request|require|demand|ask|want"
    r"|would like) (?:that )?(?:the|this|that|my|it|these|those)\b (?:\w+ ){0,3}(?:to )?be (?:\w+ )?"
    r"(?:amended|corrected|rectified|put right|updated)\b"
)
"""An order to correct what is named: "I require the entry to be amended"."""

IS_A_COMPLAINT = re.compile(
    r"^\W*(?:and )?(?:this|it|the present letter)(?: letter| message)? is (?:also |therefore |thus )?"
    r"(?:a|my|an) (?:\w+ )?complaint\b"
)
"""What a letter is said to be: "it is also a complaint"."""

REVOKES = re.compile(
    r"\bi (?:hereby|herewith|also|further|now) (?:withdraw|revoke|retract|rescind)\b.{0,60}\bconsents?\b"
)
"""A consent that is withdrawn in so many words, whatever is asked for besides."""

INTRODUCES = re.compile(
    r"^\W*(?:i'?m|i am|my name is|the name is|my details are|name|this is)\W+person\b"
    r"(?!.*\b(?:now|new|not|instead|chang\w*|correct\w*|should|wrong|updat\w*|no longer)\b)"
)
"""Who writes, and how to reach them, which corrects nothing: "I'm …, and the mobile is …"."""

LEFT_OUT = re.compile(
    r"\bi (?:do not|don'?t|did not|didn'?t|never) (?:\w+ )?(?:want|wish|meant?|ask(?:ed)?|need) (?:you )?to "
    r"(?:be )?(?:unsubscrib\w*|opt(?:ed)? (?:me )?out|tak(?:en|e me) off)\b"
    r"|\b(?:don'?t|do not|never) (?:unsubscribe|opt me out|take me off)\b"
)
"""What refuses to be left out, and so asks for no end of anything: "I don't wish to be unsubscribed"."""

GOES_OVER_IT = re.compile(
    r"\b(?:person|human|somebody|someone|member of (?:your )?staff)\b.{0,20}"
    r"\b(?:go(?:es)? over|look(?:s|ed)? (?:at|over|into)|review\w*|check\w*|reconsider\w*|decid\w*)\b"
)
"""What a person is to do about a decision: "get a real person to go over it again"."""

BY_VOICE = re.compile(r"\b(?:speak|talk|ring|call|phone|telephone|chat|put me|through to|contact me)\b")
"""Words of wanting to talk to a person, whatever that person is to do."""
