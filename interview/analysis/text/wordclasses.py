"""Word classes for stylometric features: function words, affect, thought, topics.

Own lists, written for this project after the kinds of classes that vary with personality
(Pennebaker & King 1999). An entry that ends in ``*`` stands for every word that begins with it.
"""

from functools import cache, lru_cache

_CLASSES = {
    "i": "i i'm i've i'd i'll im ive id me my mine myself",
    "we": "we we're we've we'd we'll us our ours ourselves let's",
    "you": "you you're you've you'd you'll your yours yourself yourselves ya u",
    "he_she": "he he's he'd he'll she she's she'd she'll him his himself her hers herself",
    "they": "they they're they've they'd they'll them their theirs themselves",
    "it": "it it's its itself it'll that's that this these those thing things stuff",
    "indefinite": (
        "something anything nothing everything someone anyone everyone somebody anybody "
        "everybody nobody one whatever whoever whichever somewhere anywhere everywhere"
    ),
    "article_definite": "the",
    "article_indefinite": "a an",
    "preposition": (
        "of in on at by for with from into onto about above below under over between among "
        "through during before after against toward towards within without upon across along "
        "behind beside besides beyond near off out around despite except inside outside since "
        "until via per"
    ),
    "to": "to",
    "conjunction_and": "and",
    "conjunction_but": "but however although though yet nevertheless whereas",
    "conjunction_or": "or nor either neither whether",
    "so": "so then therefore thus hence",
    "because": "because cause cuz since reason reasons why due",
    "if": "if unless otherwise",
    "wh": "what what's who who's whose whom which when where how how's",
    "be": "is am are was were be been being isn't aren't wasn't weren't",
    "have": "have has had having haven't hasn't hadn't",
    "do": "do does did doing done don't doesn't didn't",
    "negation": (
        "no not never none cannot can't cant won't wont don't dont doesn't doesnt didn't "
        "didnt isn't isnt aren't wasn't weren't haven't hasn't hadn't couldn't wouldn't "
        "shouldn't nope nah"
    ),
    "modal_possible": "may might could maybe perhaps possibly possible probably likely",
    "modal_would": "would would've wouldn't i'd he'd she'd we'd they'd you'd",
    "modal_should": "should shouldn't ought must need needs needed have to gotta supposed",
    "future": (
        "will won't going gonna i'll we'll he'll she'll they'll you'll it'll tomorrow soon "
        "tonight later next future eventually someday"
    ),
    "past": (
        "was were had did been went got said came made took thought knew felt used told saw "
        "found left became began wanted tried asked called lived liked loved hated happened "
        "seemed"
    ),
    "present": (
        "is am are have has do does go goes get gets say says come comes make makes think "
        "know feel feels want wants like likes need needs seem seems"
    ),
    "contraction": (
        "i'm i've i'd i'll don't can't it's that's didn't doesn't isn't won't couldn't "
        "wouldn't there's what's he's she's they're we're you're let's"
    ),
    "apostrophe_lost": (
        "im ive dont cant didnt doesnt isnt wont couldnt wouldnt thats theres whats hes shes "
        "theyre youre lets arent wasnt havent"
    ),
    "quantifier": (
        "all some many much more most few less least lot lots several every each both any "
        "enough bunch whole entire plenty couple"
    ),
    "intensifier": (
        "very really so too extremely totally completely absolutely quite pretty such "
        "definitely truly incredibly super highly especially particularly"
    ),
    "hedge": (
        "kind sort kinda sorta somewhat almost rather fairly basically guess suppose probably "
        "maybe seem seems seemed apparently about"
    ),
    "certain": (
        "always never definitely certainly sure surely absolutely every everything must "
        "completely obviously clearly truly fact facts forever totally"
    ),
    "filler": (
        "like well yeah yea yes ok okay oh um uh hmm anyway anyways ah hey wow blah alright "
        "you know mean man gosh geez huh"
    ),
    "laugh": "ha haha hahaha hehe lol hee ho",
    "swear": (
        "damn damned dammit hell shit shitty bullshit fuck fucking fucked ass asshole bitch "
        "bitching crap crappy suck sucks sucked sucking piss pissed bastard screw screwed "
        "freaking"
    ),
    "positive": (
        "good great best better nice wonderful amazing awesome excellent perfect beautiful "
        "fantastic lovely cool sweet pretty glad enjoy* pleas* fortunate* lucky bless* "
        "special terrific interesting fine super neat thank* grateful"
    ),
    "joy": "happy happi* joy* fun funny laugh* smile* smiling excit* cheer* delight* thrill* yay",
    "love": (
        "love loved loves loving adore* dear affection* hug hugs kiss* romantic romance "
        "cuddl* sweetheart crush"
    ),
    "optimism": (
        "hope hopes hoped hopeful* hopefully optimis* confiden* succe* accomplish* achiev* "
        "win winning proud pride determin* able improv* best"
    ),
    "negative": (
        "bad worse worst terrible horrible awful wrong problem* trouble* difficult* hard "
        "fail* poor unfortunate* mess messed sick tired lousy ugly stupid dumb idiot* annoy* "
        "bother* waste* useless pointless boring bored"
    ),
    "anxiety": (
        "worr* nervous* anxi* afraid scare* scary fear* panic* stress* tense tension "
        "overwhelm* pressure* freak* insecur* embarrass* uncomfortable confus* doubt* uneasy"
    ),
    "anger": (
        "hate* hating angr* mad annoy* irritat* furious rage frustrat* pissed kill* fight* "
        "jerk jerks argue* arguing argument* blame* resent* disgust* rude"
    ),
    "sadness": (
        "sad sadness sadly depress* cry cries crying cried miss missed missing lonely lone* "
        "alone hurt* pain* lost homesick* grief griev* tear tears miserable heartbr* regret* "
        "unhappy disappoint* upset sorry hopeless"
    ),
    "think": (
        "think thinks thinking thought thoughts know knows knew known believe* understand* "
        "realiz* wonder* consider* decid* figure* remember* idea ideas mean meaning reason* "
        "imagin* question* learn* guess mind brain"
    ),
    "insight_feel": (
        "feel feels feeling feelings felt sense* notice* emotion* mood aware* conscious*"
    ),
    "discrepancy": (
        "want wants wanted wish wishes wished need needs needed hope should would could "
        "rather prefer expect* supposed"
    ),
    "tentative": (
        "maybe perhaps might guess wonder* depend* unsure probably seems seem possibly "
        "somehow sometimes"
    ),
    "see": (
        "see sees seeing saw seen look* watch* view* picture* color* bright dark light red "
        "blue green white black eye eyes"
    ),
    "hear": (
        "hear heard hearing listen* sound* music song songs loud quiet* noise* noisy voice "
        "radio sing* silent silence"
    ),
    "touch": "touch* feel cold hot warm soft hard itch* hand hands skin finger* hair",
    "body": (
        "body head heart face eye eyes stomach back neck leg legs arm arms foot feet hand "
        "hands hair teeth throat nose ear ears shoulder* knee*"
    ),
    "health": (
        "sick ill illness doctor* medicine headache* ache* aches sore hospital* weight fat "
        "diet* healthy health gym exercis* workout allerg* cough*"
    ),
    "sleep": "sleep* asleep tired nap naps bed wake waking woke awake dream* exhaust* rest alarm",
    "food": (
        "eat eats eating ate food* hungry hunger lunch dinner breakfast pizza coffee drink* "
        "drank water cook* chicken cheese chocolate snack* restaurant* taste*"
    ),
    "sex": "sex* gay lesbian* naked virgin* hot porn condom* horny",
    "social": (
        "people person talk* friend* call called calls calling meet* met tell telling told "
        "conversation* share* together party parties visit* ask asked everyone group social* "
        "hang"
    ),
    "friend": "friend friends friendship* roommate* buddy buddies neighbor* pal guy guys girls",
    "family": (
        "mom mom's dad dad's mother* father* parent* sister* brother* family families aunt* "
        "uncle* cousin* grandm* grandp* grandfather grandmother son daughter wife husband "
        "baby kid kids child children"
    ),
    "partner": (
        "boyfriend* girlfriend* relationship* dating date dates marry marri* wedding fiance* "
        "ex breakup broke together"
    ),
    "school": (
        "class classes school* college* university* study* studying studied homework test "
        "tests exam* professor* teacher* lecture* grade grades semester* course* assignment* "
        "paper* major* psychology calculus chemistry biology math physics history english lab "
        "essay* dorm* campus student* library read* book books textbook* degree freshman"
    ),
    "work": (
        "work works working worked job jobs career* business money pay paid paying boss "
        "employ* office interview* resume company earn* project*"
    ),
    "achieve": (
        "goal goals try trying tried effort* plan plans planned planning finish* complet* "
        "start* done accomplish* succe* improv* best better responsib* organiz* schedule* due "
        "deadline* late procrastinat* lazy prepare* focus* motivat* disciplin* busy catch "
        "ready"
    ),
    "money": (
        "money cost* buy* bought spend* spent rich poor cheap expensive dollar* pay bill "
        "bills bank* cash credit debt loan*"
    ),
    "leisure": (
        "game games play* movie* tv television show shows video* computer internet music band "
        "guitar concert* football basketball soccer baseball tennis team teams sport* run "
        "running swim* dance* dancing art paint* draw* photo* write* writing poem* poetry "
        "novel* theater film* drama"
    ),
    "sorority": (
        "sorority sororities fraternity frat greek rush pledge* party parties partying drunk "
        "beer alcohol drinking bar bars club clubs"
    ),
    "creative": (
        "art artist* paint* draw* poem* poetry write writer writing novel* guitar music* "
        "philosoph* universe* creativ* imagin* theory theories society culture* beautiful "
        "beauty human humans humanity existence exist* world strange weird odd random* dream* "
        "soul* story stories language* film* nature* truth abstract infinite"
    ),
    "religion": (
        "god god's jesus christ* church* pray* bible faith* religio* lord heaven spirit* "
        "bless* sin sins catholic* jewish"
    ),
    "death": "death* die dies died dying dead kill* funeral* suicid* murder* war wars",
    "time": (
        "time times day days week weeks month months year years hour hours minute minutes "
        "moment* today tonight yesterday morning night evening afternoon now then when while "
        "clock early late always never again already still before after during"
    ),
    "now": "now right today currently moment just",
    "place": (
        "here there home house room apartment city town place places street outside inside "
        "away far near up down world country area building"
    ),
    "home": (
        "home house homesick* room apartment dorm* bed kitchen bathroom shower* laundry "
        "clean* roommate*"
    ),
    "motion": (
        "go goes going went gone come comes coming came walk* run running drive* driving "
        "drove move* moving leave* leaving left arrive* travel* trip car bus ride* fly flying"
    ),
    "number": (
        "one two three four five six seven eight nine ten first second third half once twice "
        "hundred thousand million 0 00 000 0000"
    ),
    "compare": (
        "like as than more less same different better worse most least similar* unlike best "
        "worst other others"
    ),
    "this_task": (
        "assignment write writing typing type typed keyboard computer screen twenty minutes "
        "stream consciousness essay words spell* grammar sentence*"
    ),
    "weather": "weather rain* sun sunny hot cold heat warm summer winter snow* wind* cloud* sky",
    "placeholder_person": "propname",
    "placeholder_place": "locname",
    "placeholder_group": "orgname",
}

NAMES = tuple(_CLASSES)
"""Names of the classes, in the order of the features."""


@cache
def _entries() -> tuple[tuple[frozenset[str], tuple[str, ...]], ...]:
    """Return, per class, its whole words and the beginnings that stand for many words."""
    split = (entries.split() for entries in _CLASSES.values())
    return tuple(
        (
            frozenset(word for word in words if not word.endswith("*")),
            tuple(word[:-1] for word in words if word.endswith("*")),
        )
        for words in split
    )


@lru_cache(maxsize=50_000)
def classes_of(word: str) -> tuple[int, ...]:
    """Return the indexes into ``NAMES`` of the classes that a lower-case word belongs to."""
    return tuple(
        index
        for index, (whole, beginnings) in enumerate(_entries())
        if word in whole or word.startswith(beginnings)
    )
