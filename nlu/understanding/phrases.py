"""The wordings that the guards look for, over text in lower case with plain apostrophes."""

from __future__ import annotations

import re


def _one_of(*alternatives: str) -> str:
    return "(?:" + "|".join(alternatives) + ")"


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"\b{_one_of(*alternatives)}\b")


MENTIONS = {
    "erase": _words(
        r"(?:delet|eras|remov|purg|destroy|scrub|shred|expunge)\w*",
        r"wip(?:e[ds]?|ing)|bin(?:ned|ning)?|scrap(?:ped|ping)?|thr[eo]wn? (?:\w+ ){0,2}(?:away|out)",
        # "Forget I wrote" takes back what was said.
        r"forg[eo]t\w*(?! (?:it|about (?:it|that|this)|(?:what )?i (?:wrote|asked|said|sent|ever))\b)",
        r"g[eo]t(?:ting|ten)? rid|clear(?:ing)? out|gone (?:from|for good)|be gone|no trace",
        r"disappear\w*|vanish\w*",
        r"take (?:me|us|my \w+|everything) (?:off|out)|be(?:ing)? taken (?:off|out)|drop (?:me|my \w+)",
        r"clear(?:ed)? (?:\w+ ){1,4}out",
        r"(?:take|taken|strike|struck) (?:the|that|this|my) (?:\w+ ){1,3}(?:out|off)",
        r"(?:get|be|got) (?:shot|shut) of",
        r"off your (?:\w+ )?(?:books|files?|systems?|records|database|computers?)",
        r"out of your (?:\w+ )?(?:books|files?|systems?|records|database|computers?|crm|lists?)",
        r"(?:chuck|rub|strip|clear|cross|knock|kick|boot|scratch|weed|strike)(?:ed|ped|bed|king|ping|bing)?"
        r" (?:\w+ ){1,4}(?:out|off|from (?:your|the))|rub out|empty it|dispos\w+",
        r"(?:want|wish|like) (?:\w+ ){0,2}(?:records?|data|details|file|lot|everything|entry|name) gone",
        r"take (?:all )?(?:of )?my (?:\w+ )?(?:away|out)",
    ),
    "restrict": _words(
        r"(?:restrict|freez|paus|suspend|limit)\w*",
        r"frozen|lock(?:ing|ed)?|hold off|on (?:hold|ice)|put a (?:hold|block|stop)|unused|untouched",
        r"stop (?:us\w+|process\w*)|block(?:ed|ing)?|(?:make|made|making) no (?:further )?use",
        r"not (?:be |to be )?used (?:for anything|at all|in any way|until|while|whilst|pending)",
    ),
    "object": _words(
        r"object\w*|oppos\w*", r"stop (?:track|profil|analys|process|logg|watch|monitor|scor|study)\w*"
    ),
    "withdraw_consent": _words(
        r"(?:withdr[ae]w\w*|revok\w*|tak(?:e|ing) back|cancel\w*|retract\w*|rescind\w*)"
        # "I withdraw, with effect for the future, all consent"
        r"(?:,[^,.;!?]{1,60},)?(?: (?:my|all|any|every|the|our|that|this)){0,2}"
        r" (?:consent|permission|agreement)",
        r"no longer consent",
        r"(?:consent|permission|agreement)(?:: ?|\b[^.;!?]{0,120}\b(?:is|are|be) (?:hereby |now |herewith )?)"
        r"(?:withdrawn|revoked|retracted|rescinded|cancelled|taken back)",
    ),
}
"""What speaks of each grave right."""

_FEW_WORDS = r"(?:\W+(?!but\b|only\b|instead\b|rather\b|please\b)\w[\w']*){0,6}?\W+$"

NEGATION = re.compile(
    r"\b"
    + _one_of(
        r"(?:do|does|did|is|was|wo|would)n'?t|(?:do|did) not",
        r"never|not|without|no need|need(?:n'?t| not)|instead of|rather than|as opposed to",
        r"nothing (?:needs|has|is|shall|should|may|must|(?:of|about) \w+ is)|nobody|no one|no",
    )
    + r"\b"
    + _FEW_WORDS
)
"""A negation that reaches to the end of the text: "don't want you to just"."""

KEPT = re.compile(
    r"^\W*(?:(?:please|just|and|but|do)\W+)*(?:keep|retain|hold on to|hang on to)"
    r" (?:all )?(?:of )?(?:my|our|the|everything)\b(?!.*\b(?:off|out|away)\b)"
)
"""An order to keep what one has, which is the contrary of an erasure."""

UNDONE = re.compile(r"\b(?:(?:have|has|ca|could)n'?t|cannot|unable|still not|not yet|failed)\b" + _FEW_WORDS)
"""A negation of the deed, not of the wish: "why haven't you", "I can't … it myself"."""

CALLED_OFF = _words(
    r"(?:do not|don'?t|you (?:please )?not|please not) (?:go (?:ahead|through)|carry on|proceed)",
    r"hold your horses",
    r"call (?:it|that|this) off",
)
"""Said of a deed that was asked for and is not to be done."""

CLAUSE_END = re.compile(
    # "Don't just delete it" is one clause; "no emails any more just delete it" is two.
    r"[.;:!?\n,]|\b(?:i|we) (?:said|meant)\b"
    r"|(?<!to )(?<!you )(?<!not )(?<!n't )(?<!dont )(?<!want )\b(?:just|only)\b"
    r"|\b(?:but|instead|rather|so|then)\b(?! (?:than|of)\b)"
)

CONDITIONAL = _words(
    r"what (?:would |will )?happens?|what if|what would|what'?s the (?:effect|result|consequence)",
    r"suppos\w+(?! to\b)|say i|hypothetical\w*|in theory|curious",
    r"were i to|should i (?:ask|decide|want|choose|ever)",
    r"in the event (?:that )?i (?:no longer|ever|should|were|later|withdr|object|ask|decide|change)\w*",
    r"if i (?:were|was|did|told|chose|decided?)",
    r"if i (?:ask|want|request|delet|object|restrict|withdr[ae]w|eras)\w*",
    r"if (?:you|it|my \w+) (?:were|was|is|are|got|gets?|get) (?:\w+ )?(?:delet|eras|remov|restrict|forg)\w*",
    r"wonder\w*(?! if (?:you|u) (?:could|can|would))",
    r"(?:thinking (?:of|about)|considering) (?:ask|request|delet|eras|remov|hav|gett|clos|leav|withdr)\w*",
    r"might (?:want|ask|decide|one day)|(?:may|might) (?:later|at some point)",
    r"before i (?:ask|decide|do|request|delete)|consequences? of|implications? of",
    r"not (?:sure|decided|certain) (?:if|whether|about|yet)",
    r"at some point|some ?day|one day(?! (?:ago|later|late)\b)|in principle|theoretically",
    r"let'?s (?:pretend|say|assume|suppose)|undecided|in two minds|nearly (?:asked|wrote)",
    r"(?:haven'?t|have not|hadn'?t) (?:yet )?(?:decided|made up)",
    r"(?:i|we) (?:was|were) (?:going|about) to (?:ask|request|write|demand)",
    r"(?:not a|no|isn'?t a) request\b(?!\W+(?:it'?s|but|this is)\b)|thought experiment",
)
"""The right is only imagined."""

ONLY_SUPPOSED = _words(
    r"(?:i|we) (?:could|might|may) (?:\w+ )?(?:ask|request|demand|object|want)\w*",
    r"(?:i|we) (?:was|were) (?:going|about) to (?:ask|request|write|demand)",
    r"(?:let us|let'?s) (?:assume|suppose|pretend|say|imagine)|suppose|supposing|imagine",
    r"were (?:i|my|you|an?) ",
)
"""The request is only imagined, whatever it is."""

OBJECTS = re.compile(
    r"\W*(?:(?:and|but|so|also|then|therefore)\W+)*(?:i|we) (?:\w+ly |hereby |do |also )*object\b"
)
"""The beginning of an objection, whatever it tells of: "I object to what you told them"."""

ASKED_BEFORE = re.compile(
    r"\b(?:i|we)(?:'ve| have| had|'d)? (?:already |once |also |then |first |twice |previously ){0,2}"
    r"(?:asked|sent|wrote|written|requested|made|submitted|filed|filled|emailed|rang|phoned|told|did|completed"
    r"|put in|went through)\b"
    r"(?!.*\b(?:please|want|now|hereby|again)\b)"
)
"""A request that was made earlier: "in May I asked you to"."""

QUESTION = re.compile(
    r"(?:^|[.!?,;]\s*|\b(?:and|but|so|ok|hi|hello|hey|also|then|question)\W+)"
    + _one_of(
        r"how (?:do|does|can|could|would|long|soon|quick\w*|much|easy|is|are|exactly)",
        r"(?:do (?:you|i|we|they)|does|was|were|why|who|which(?! (?:i|we)\b)|where)\b",
        r"did (?:you|anyone|somebody)|am i (?:allowed|entitled|able)",
        r"is (?:it|there|that|erasure|deletion)|are (?:you|there|my|we)\b",
        r"will (?:you|it|my|i|everything|anything)|when (?:do|does|will|would|can|is|are)",
        r"what(?:'s| is| are| does| do| about| right)?\b(?! (?:i|we|i'm|i'd)\b)",
        r"have you (?:already )?(?:delet|eras|remov|restrict)\w*|has (?:it|my|everything)",
        r"can (?:i|you|we|a|someone|people|anyone|customers?)\b(?! please)",
        r"may (?:i|we|one|someone|people)\b(?! (?:please|kindly|ask|request|have))|might (?:i|we|you|an?|my)",
        r"would (?:an?|the|my|that|this|it|i|we|they|everything|\w+ing)\b"
        r"(?! (?:like|love|be (?:grateful|glad)))",
        r"(?:in|under) (?:what|which)|must (?:you|i|it|an?|the|we|they)|should (?:i|we|one)",
    )
)

POLITE = re.compile(r"\b(?:can|could|would|will) (?:you|u|someone|somebody|i get|i have)\b")
"""A question that is a polite order: "can you", "could I have my record"."""

INFORMATION = _words(
    r"explain|understand|clarify", r"tell me (?:how|what|whether|if|about)", r"know (?:how|what|whether|if)"
)

REPORT = _words(
    r"(?:he|she|they|you|someone|somebody|friend|colleague|boss|manager|husband|wife|mother|father|mum|dad"
    r"|brother|sister|lawyer|solicitor|agent|advis[eo]r|article|website|email|letter|notice|bot|rep|support)"
    r" (?:\w+ ){0,3}?"
    r"(?:said|says|told|tells|wrote|writes|already|(?:have|has) already|ask(?:ed|s)|want(?:ed|s)"
    r"|(?:claim|promis|mention|suggest|recommend)\w*)",
    r"i(?:'ve| have)? (?:heard|read|was told|am told)",
    r"(?:you|they|somebody|someone) (?:just |have |has |already |accidentally )*"
    r"(?:deleted|erased|removed|restricted|wiped)",
)
"""Somebody else's words or deeds."""

ORDERED = re.compile(
    r"\b(?:please|pls|plz|kindly|want|wish|demand|request|require|insist|like|love|need|must|should|just"
    r"|simply)\b"
    r"(?:\W+(?!(?:how|what|whether|if|when|who|why|know)\b|ask)\w[\w']*){0,6}?\W*$"
)
"""Words that make an order of the verb after them, with no question in between."""

BEGINS_AN_ORDER = re.compile(
    r"^\W*(?:(?:please|pls|plz|kindly|just|simply|now|and|hi|hello|hey|ok|okay|right|yes|so|then)\W+)*$"
)

BASE_FORM = re.compile(
    r"(?:delete|erase|remove|wipe|purge|destroy|scrub|shred|expunge|forget|get|clear|bin|scrap|take|drop"
    r"|restrict|freeze"
    r"|pause|suspend|lock|limit|hold|put|stop|withdraw|revoke|cancel|retract|rescind)\b"
)

THEN_PLEASE = re.compile(r"^[^.;:!?]*\b(?:please|pls|plz)\b")

_DONE_WITH_IT = (
    r"(?:sort(?: out)?|deal with|see to|look (?:at|into|after)|take care of|handle"
    r"|do something (?:about|with)|help(?: me)? with)(?: all)?(?: of)?(?: my| the| our)?"
)
# No verb at all: "my details please", "it's about my data", "something with my record".
_ONLY_NAMED = (
    r"(?:(?:it'?s |(?:i have )?(?:something|a thing|a question) )?(?:about|with) )?(?:all )?(?:my|our)"
)

VAGUE = re.compile(
    r"(?:hi|hello|hey)?[ ,]*"
    r"(?:can you |could you |would you |i need you to |i want you to |i need to |please |pls )*"
    rf"(?:{_DONE_WITH_IT}|{_ONLY_NAMED}) (?:personal )?"
    r"(?:(?:contact )?details|data|info|information|records?|stuff|privacy|profile|e-?mail(?: address)?)"
    r"(?: out)?(?: please| pls| for me)*"
)
"""A wish to have something done that does not say what: "sort out my details"."""
