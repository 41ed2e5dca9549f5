"""The wordings by which a clause is told apart that the models confuse, in lower case."""

from __future__ import annotations

import re

OF_A_REQUEST_MADE = re.compile(
    r"\b(?:after all|any ?more|any longer|no longer|changed my mind|request\w*|cancel\w*|withdraw\w*"
    r"|call\w* off|undo|asked|ask|go(?:ing)? (?:ahead|through)|reference\w*|case|forget|scrap|drop|take back"
    r"|call \w+ off|second thoughts|carry|proceed|stop the|better of|put in|lodged|sent in|shelve\w*|tear"
    r"|(?:deletion|erasure|removal|objection) (?:that )?i)\b"
)
"""What tells "don't delete me" as a request taken back from the refusal of what nobody asked for."""

ONLY_RULES_OUT = re.compile(
    r"^\W*(?:and |but |so )?not (?!.*\b(?:any ?more|again|any longer)\b)(?:\S+ ?){1,4}$"
)
"""A few words that only say what is not meant: "not the address"."""

MAY_I = re.compile(r"\W*(?:and |but |so )?(?:can|could|may|might|would|should|will) (?:i|we)\b")
"""A question whether one may, which is no order: "could I have…"."""

TO_SEE = re.compile(r"\b(?:see|view|look|know|tell|show|read|inspect|learn|find out)\b")
"""Words of seeing and knowing, which is access."""

TO_HAVE = re.compile(
    r"\b(?:cop(?:y|ies)|sen[dt]|e-?mail|mail|post|file|export|csv|json|excel|spreadsheet|download|give"
    r"|provide|receive|get|print\w*|format|supply|forward|take)\b"
)
"""Words of having, which is portability."""

OWN_DETAIL = re.compile(
    r"\b(?:my|the) (?:\w+ ){0,2}(?:name|surname|address|number|mobile|phone|e-?mail|title|job|postcode"
    r"|spelling|details|company|employer|firm|workplace|department|role|position)\b"
)
"""A detail of one's record."""

SAYS_WHAT_IS_RIGHT = re.compile(
    r"\b(?:should (?:be|read|say)|(?:is|are|'s) (?:now|actually|really|wrong|incorrect|out of date|old"
    r"|outdated|spel\w+|misspel\w+)|(?:isn't|aren't|not) (?:right|correct)|has (?:changed|a|an|two|one|no)"
    r"|changed to|(?:new|right|correct|current) [\w -]{1,20} is|needs?)\b"
)
"""Words that say what a detail is or should be."""

OWN_FURTHER_WAY = re.compile(
    r"^\W*(?:if|should|unless|failing|otherwise)\b|\bright (?:to|of) (?:complain|appeal)|\breserve\b"
    r"|\b(?:can|could|may|might|will|shall|would) (?:\w+ )?"
    r"(?:complain|contact|write|turn|take (?!me|us|my|our|off)|go(?! (?:through|over|back))|refer|report)\b"
    r"|\b(?:what|which(?! (?:you|your)\b)|anything|whatever)\b.{0,40}\b(?:retained|deleted|erased|removed)\b"
    r"|\b(?:pass|forward|send|hand) (?:this|my (?:letter|message|request))\b"
    r"|\b(?:inform|tell|notify|let)\b.{0,40}\b(?:organi[sz]ations?|part(?:y|ies)|recipients?|partners?|companies"
    r"|firms|any(?:one|body)|every(?:one|body)|whoever|those|others)\b.{0,60}"
    r"\b(?:given|passed|shared|sent|disclosed|sold|received|handed)\b"
)
"""What a letter says of its own further way: "if you refuse…", "please pass this on", "tell those you
gave it to" (Article 19)."""

OF_MARKETING = re.compile(
    r"\b(?:market|newsletter|advert|promot|offer|sales|mail|e-?mail|call|ring|(?:tele)?phon|text|list"
    r"|contact|survey|webinar|invit|unsubscri|opt|spam|brochure|circular|leaflet|flyer|bulletin|catalogue)\w*"
)
"""Words about being contacted."""

_BEFORE = r"\W*(?:(?:and|but|so|please|honestly|again)\W+)*"

NOT_ASKING = re.compile(
    rf"{_BEFORE}(?:"
    r"(?:i'm|i am|we're|we are|this is|it's|it is|that's|that is) not "
    r"(?:asking|making|requesting|after|looking|here|about|a request|an? (?:\w+ ){1,4}request|that i|as if"
    r"|as though)\b"
    # "I don't want it hidden"; but "I don't want it kept" orders something.
    r"|(?:i|we) (?:do not|don't|didn't) want (?:it|them|that|this|my \w+|anything|everything|any of it) "
    r"(?:to be )?"
    r"(?!kept|stored|held|used|process|shar|track|analy|profil|pass|sold|sent|scor|monitor|watch|call|contact"
    r"|mail|market)\w+(?:ed|en)\b"
    r"|(?:it|this) isn't (?:about|that i|as (?:if|though)|a request|an? \w+ request)\b"
    r"|(?:(?:it|this)(?:'s| has| is)? (?:got )?)?nothing to do with\b"
    r"|(?:we|they) aren't asking\b|why (?:\w+ )?(?:would|should) i (?:\w+ )?(?:want|need|wish)\b"
    r"|(?:do not|don't) (?:fob|palm) me off\b|(?:i|we) know (?:that )?(?:i|you|we) (?:can|could|may)\b"
    r"|let me (?:be|explain|start|begin|add|say|put it|introduce)\b)"
)
"""The beginning of a clause that says what is not asked for, whatever that is."""

REFUSING = re.compile(
    rf"{_BEFORE}(?:"
    r"(?:i|we) (?:do not|don't) (?:care|mind)\b(?!.*\b(?:i'd like|i want|i do want|please)\b)"
    r"|(?:i|we) (?:do not|don't|never|didn't) (?:want|need|wish|ask(?:ed)?) (?:you )?(?:to|for|an?|any"
    r"|another)\b"
    r"|what (?:i|we) (?:do not|don't) (?:want|need)\b"
    r"|no (?:\w+ ){1,2}(?:please|thanks|needed|required|necessary)\W*$|no \w+(?:,? no \w+)+\W*$"
    r"|you (?:can|may) (?:skip|keep|spare)\b|i(?:'d| would) (?:rather|sooner|prefer) (?:not|n't)\b)"
)
"""The beginning of a clause that rules something out, or asks for the end of it: "no calls please"."""

NO_MORE = re.compile(
    rf"{_BEFORE}(?:"
    r"(?:no|nothing|not? more|never|enough|less)\b"
    r"(?!.*\b(?:need\w*|necessary|required|thank\w*|buttons?|menus?|options?|ro?bots?|forms?|questions?)\b)"
    r"|(?:actually |oh |also )*(?:i )?(?:do not|don't) want (?:the|your|any|those|these)\b"
    r".* (?:either|any ?more)\b"
    r"|(?:whatever it is |then )?keep (?:the|your|those|these) \w+(?: \w+)? (?:off|out|away)\b)"
)
"""The beginning of a clause that orders an end: "please no more of these", "nothing by text"."""

TELL_ME = re.compile(
    rf"{_BEFORE}(?:(?:can|could|would|will) you )?(?:please )?"
    r"(?:let me know|(?:tell|remind|advise|inform) me)\b"
)
"""The beginning of an order to tell something."""

OWN_DOING = re.compile(
    rf"{_BEFORE}(?:i|we)(?:'ll| will| shall|'m going to| am going to) (?:\w+ly |just |now |then )?"
    r"(?:delete|destroy|bin|wipe|remove|clear|shred|scrub|leave|keep|hold|put|store|not|lock|sit)\b"
)
"""The beginning of a clause that says what somebody will do with what they have."""

ITEM = re.compile(
    r"\W*(?:and )?(?:one|two|three|four|first(?:ly)?|second(?:ly)?|third(?:ly)?"
    r"|number (?:one|two|three)|in the (?:first|second|third|next|last) place)[,:]\W"
    r"|\W*(?:and )?(?:first|second|third|last)ly\b"
)
"""The beginning of an item in a list of wishes."""

WISHES = re.compile(
    rf"{_BEFORE}(?:(?:i|we)(?:'d| would) (?:much )?(?:sooner|rather|prefer to) "
    r"(?:be|have|see)\b(?! (?:no|not)\b)"
    r"|(?:somebody|someone|one of you\w*) (?:needs to|has to|must|should|had better)\b"
    r"|(?:i|we)(?:'d| would| also| do|'m| am| wish| want| like| now| to| hereby){1,5} "
    r"(?:complain\w*|(?:putting in|lodg\w+|mak\w+|fil\w+|rais\w+)\b(?=.*\bcomplain)))"
)
"""The beginning of a clause that orders by a wish, "I'd sooner be taken off", or makes a complaint."""

TALKS = re.compile(
    r"\b(?:speak|talk|ring|call|phone|telephone|chat|contact|reach|touch|through|over|human|manager|supervisor|operator"
    r"|real (?:person|people)|put me|someone (?:real|in charge))\b"
)
"""Words of wanting to talk to a person, and not only of wanting one to look."""

KEPT_UNUSED = re.compile(
    r"\b(?:keep|hold on to|leave|retain|store)\b.{2,40}\b(?:but|and|yet|without)\b.{0,20}"
    r"\b(?:do not|don't|never|nobody|no one|without|using|touching)\b"
)
"""An order to keep what is not to be used, which refuses nothing that was offered."""

CANNOT = re.compile(
    r"\b(?:can't|cannot|can not|couldn't|won't|doesn't|isn't|unable|no longer|not) (?:\w+ ){0,2}"
    r"(?:remember|log|get|sign|find|open|reset|work\w*|enter|access|see)\b"
)
"""Said of what does not work, which refuses nothing."""

TO_YOU = re.compile(r"\byou(?:rs?|'\w+)?\b")
"""A word for the company."""

YOUR_OWN = re.compile(r"\b(?:your own|yourselves|yours|you lot|you people)\b")
"""Words that tell the company from one of its customers: "stop your own emails as well"."""

ANY_NEWS = re.compile(
    r"\W*(?:(?:and|also|oh|so|then)\W+)*any (?:joy|news|word|update|luck|sign|progress|movement)\b"
)
"""The beginning of a question for news that is put in few words."""

THREAT = re.compile(
    r"\b(?:after which|otherwise|or else|failing (?:that|which|this)|unless|should you (?:fail|not|refuse)"
    r"|if (?:not|you (?:don'?t|do not|fail|refuse|ignore)))\b"
)
"""Words before what one will do if one is not served, which is no complaint yet."""

WHATEVER_ITS_NAME = re.compile(
    r"\b(?:call it what|whatever (?:you call|it'?s called|the name)|whichever word)"
)
"""Said of words that are not meant by the letter: "withdraw, object, call it what you like"."""

ANNOUNCES = re.compile(
    r"\b(?:two|three|four|five|several|a (?:couple|few)(?: of)?|both|following|certain)"
    r"(?: (?:\w+ ){0,2}(?:things?|requests?|matters?|points?|wishes|favours?|demands?|steps?)|[,:])"
    r"|\bthe following\b"
)
"""What a letter says before a list of wishes: "two things please"."""

COUNTS = re.compile(
    r"\b(?:second(?:ly)?|two)\b\W|(?:^|\s)\(?2[.)]\s"
    r"|\b(?:separately|in addition|besides|moreover|furthermore)\b"
    r"|\b(?:and|also|then) (?:also|then|once)\b|\bas you are at it\b|\bboth\b"
)
"""Words of a letter that goes on to another request."""

PLEASE_DO = re.compile(
    r"\b(?:please|kindly) (?:(?:also|then|now|kindly|just) )?"
    r"(?:delete|erase|remove|wipe|purge|destroy|restrict|freeze|pause|suspend)\b"
    r"(?! (?:nothing|none|not|no)\b)"
)
"""A plain order of something grave."""

STAYS = re.compile(r"\b(?:keep|stay|remain|continu\w+|go(?:ing)? on|still)\b(?!.*\b(?:again|back)\b)")
"""Said of what is to go on as it is, which starts nothing."""

PARTICULARS = re.compile(
    r"\b(?:details|particulars|an? (?:\w+ )?account|an? overview) of (?:everything|all|any\w*|the|what\w*)\b"
)
"""What is sent to let somebody know, and is no copy."""

NO_CONTACT = re.compile(
    r"\b(?:do not|don'?t|never) (?:\w+ )?(?:call|ring|phone|text|e-?mail|mail|write|contact|message)\b"
    r"(?!.*\boff\b)"
)
"""An order not to call or write."""

COMPLAINS = re.compile(
    r"\b(?:complain\w*|grievance|dissatisf\w+|displeasure|unacceptable|disgrac\w+|appall\w+|shameful|shambles|outrag\w+"
    r"|furious|disgusted|livid|let down|not good enough|poor(?:ly)?|badly|protest)\b"
)
"""Words of a complaint; that this is the fourth time is none yet."""

NOT_CROSS = re.compile(
    r"\b(?:not|n't|no) (?:\w+ ){0,2}(?:angry|cross|complain\w*|blam\w+|unhappy|upset|annoyed|moan\w+)\b"
)
"""Said by somebody who does not complain."""

YES_OR_NO = re.compile(
    r"^\W*(?:(?:and|so|but)\W+)?(?:has|have|is|are|was|were|did|does|do|will)"
    r" (?:my|the|this|that|it|you|there|any\w+|some\w+)\b"
)
"""The beginning of a question that is answered by yes or no."""

SPEAKS = re.compile(r"\W*(?:and |but |so )?(?:i|i'[a-z]+|we|we'[a-z]+|you|he|she|they|it|there)\b")
"""The beginning of a clause that tells something, and is no item of a list."""

NOT_TO = re.compile(
    r"\b(?:do not|don'?t|need ?n[o']t|no need to|not to|(?:could|would|can|will) you (?:please )?not)\b"
)
"""An order not to do something: "please do not go through with it"."""

POINTS_BACK = re.compile(r"\b(?:it|this|that|those|these|them|the same|both)\b")
"""Words that stand for what was said before."""

TAKEN_OFF = re.compile(
    r"\b(?:take|remove|leave|drop|strike|cross|get) (?:me|us|my \w+)(?: \w+)? (?:off|from|out of) "
    r"(?:all (?:of )?)?(?:those|these|them|that|it)\b"
)
"""An order to be on something no longer that was named before: "take me off those"."""

OF_AN_EARLIER_REQUEST = re.compile(
    r"\b(?:relat\w+ to|concern\w*|about|following|further to|regarding|refers? to|referring to|chasing)"
    r" (?:my|our) (?:\w+ ){0,2}"
    r"(?:(?:request|application)\b|(?:letter|e-?mail|message) (?:of|from|dated|sent)\b)"
    r"(?!.*\b(?:please|kindly|now|i (?:want|wish|ask|request|demand|require)|(?:could|can|would|will) you)\b)"
)
"""Said of what was asked for earlier, which asks for nothing; "my email" may be an address."""

NOT_WHAT_IS_ASKED = re.compile(
    r"\b(?:that|this|it)(?:'s| is)(?: not|n't) what (?:i|we)(?:'m|'re| am| are)? ?"
    r"(?:ask\w*|after|want\w*|mean\w*|need\w*|looking for|said|say\w*)\b"
)
"""Said of what stands before, which is not what somebody wants."""

OWN = re.compile(r"\b(?:me|my|mine|myself|our|ours)\b")
"""Words for one's own."""

ONLY_STOP = re.compile(
    rf"{_BEFORE}(?:(?:kindly|just|now|then) )*(?:stop|cease|quit|pack)"
    r"(?: (?:it|that|this|doing (?:it|that|this)|it in))?"
    r"(?:\W+(?:please|now|at once|immediately|today|thanks))*\W*$"
)
"""An order to stop, and nothing named that is to."""

WHAT_THEY_ARE = re.compile(r"\b(?:what|which|where) (?:they|those|these) are\b|\bhow they(?: are|'re) set\b")
"""A question about what stands before."""

AFTERWARDS = re.compile(
    r"^\W*(?:and |but )?(?:after (?:that|this|which)|afterwards|(?:once|when|after|as soon as) "
    r"(?:i(?:'ve| have)|you(?:'ve| have)|(?:that|it|this)(?:'s| is| has))(?: \w+){1,4}?)\W+"
    r"(?:(?:please|just|then|you can) )*"
    r"(?:delete|erase|remove|wipe|bin|destroy|scrap|get rid|freeze|stop|send)\b"
)
"""The beginning of an order for when another is carried out: "when I've read it, delete it"."""

THEIR_ADDRESS = re.compile(
    r"\b(?:their|his|her) (?:\w+ ){0,2}(?:address|e-?mail|number|name|details|extension)\b"
)
"""How to reach whoever was named before."""

WRITES_TO = re.compile(
    r"\bi(?:'m| am) writing (?:[^.;]{0,60} )?to (?:formally |hereby )?"
    r"(?:request|ask|require|demand|withdraw|revoke|object|exercise|have|tell)\b"
)
"""What a letter says it is written for."""

INSTEAD = re.compile(r"\b(?:instead|rather)\b(?! (?:of|than)\b)")
"""Said of what is asked for in the place of something else, and so is no part of it."""

WHO_DID = re.compile(r"^\W*who (?:\w+ly )?(?:\w+ed|was|were|had|has|is)\b")
"""The beginning of what is told of somebody named before: "and who managed to register"."""
