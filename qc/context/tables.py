"""The words the guards look for, in one place. Patterns run over the text before (or after) a match.

Chinese text is normalised: no commas, sentence ends are 。?! . English is lower case.
"""

import re

# A denial close before the match: 不会……, 没说要……, 绝不……. Bare 不 is left out: 不还就让你…… threatens.
NEGATED_ZH = re.compile(
    r"(?:绝对?不(?:会|可能|能|允许|是)?|(?<!会)不会|从来?(?:没有?|不)(?:会|说过?|想过?)?|从没|没有?(?:说|想|要|人)?(?:过|要|让)?"
    r"|并?不是(?:要|说|想)?|并非|不可能|不存在|不至于|不可以|(?<!能)不能|不得|不允许|不准许?|不需要|无需|不用|(?<!要)不要"
    r"|不想|不敢|未曾|没必要|不(?=让你?|收|找|叫))"
    r"(?:再|去|来|派人?|直接|随便|真的?|会|把|对|给|跟|向|您|你|让|通过|私下|擅自|任何|主动|因此|因为这个?|这样|那样|这种|什么|的)*$"
    r"|(?:绝对?不(?:会|可能|能|允许)?|(?<!会)不会|从不|从来不|不可能|不得|不允许|严禁|禁止|并非)[^。?!]{0,7}$"
)
# What looks like a denial and is none: questions (会不会, 是不是), threats (别以为, 不……就……).
NOT_NEGATED_ZH = re.compile(
    r"(?:会不会|能不能|要不要|是不是|有没有|可不可以|不是不|不能不|不得不|不会不|没有?不|别以为|别怪|别逼|难道不|怎么不|何不|要不(?!要)"
    r"|不要脸|还不|再不|要是不|如果不|你不|您不(?=还|交|处理)|不是你|你(?:要是)?没)[^。?!]*$"
)
RHETORICAL_ZH = re.compile(r"(?:不是|不会|没有)[^。?!]*(?:吗|么|嘛)[。?!]?$")

QUOTING_ZH = re.compile(
    r"(?:(?:您|客户|他们?|她们?|人家|有人|网上|别人|对方|大家|骗子|群里|新闻(?:里|上)?|那个人|之前那个?人?|上次那个?人?|你们?同事|别的[^。?!]{0,4})"
    r"(?:刚才|刚刚|之前|上次|也|是|都|跟我|跟您|自己|老|总|一直|可能|要是|如果|在电话里)*"
    r"(?:说|讲|提到|提|问|骂|传|写|声称|反映|以为|认为|听说|担心|怕)(?:了|过|的是?|到|是|我|您|你们?|他们?|什么)*"
    r"|你(?:刚才|刚刚|之前|上次)(?:也|是|都|跟我|自己)*(?:说|讲|提到|问|骂)(?:了|过|的是?|我)*"
    r"|(?:听说|听人说|据说|所谓的?|网传|谣传)|(?:叫|称|喊)(?:我|我们|他|他们|人家?)(?:做|作|是)?)"
    r"[^。?!]{0,6}$"
)
QUOTED_AFTER_ZH = re.compile(
    r"^(?:了)?(?:这样|这种|之类|这类|那种|一类)的?(?:话|词|字眼|说法|电话|短信|称呼|行为|情况)"
)

WARNING_ZH = re.compile(
    r"(?:千万|请|切)?(?:别|勿|莫)(?!以为|怪|逼|想)[^。?!]{0,6}$|(?:千万|一定)?不要(?!脸)[^。?!]{0,6}$"
    r"|(?:谨防|防止|小心|警惕|当心|提防|避免|拒绝|禁止|严禁)[^。?!]{0,6}$|(?:不能|不可以?|不得)[^。?!]{0,4}$"
)
HYPOTHETICAL_ZH = re.compile(r"(?:如果|要是|假如|假设|万一|倘若|比如|比方|哪怕|就算)[^。?!]*$")
QUESTION_ZH = re.compile(r"(?:吗|么|呢|吧)?[。?!]*$")
ASKING_ZH = re.compile(
    r"(?:会不会|是不是|能不能|有没有|要不要|可不可以|难道|怎么会|什么时候|为什么|凭什么)[^。?!]*$"
)

NEGATED_EN = re.compile(
    r"\b(?:not|never|no|nobody|nobody's|no one's|ain't|none|cannot|without|nor|neither|isn't|aren't"
    r"|wasn't|won't|wouldn't|can't|couldn't|don't|doesn't|didn't|haven't|hasn't|shouldn't)\b"
    r"(?: [\w']+){0,4} ?$"
)
NOT_NEGATED_EN = re.compile(
    r"(?:\bif you (?:don't|do not|won't|can't)\b|\b(?:don't|do not) (?:think|make me|you)\b|\bno wonder\b"
    r"|\bwhy (?:don't|not)\b|\bnot only\b|\bnot my problem\b|\b(?:don't|do not) care\b"
    r"|\b(?:can't|couldn't|won't|wouldn't|didn't|isn't|aren't|haven't|shouldn't) (?:you|your|someone)\b"
    r")[^.?!。]*$"
)
QUOTING_EN = re.compile(
    r"(?:\byou (?:said|told|mentioned|called)\b"
    r"|\b(?:he|she|they|someone|somebody|people|customer|others|the scammers?) (?:\w+ )?"
    r"(?:said|say|says|told|tells|called|claims?|claimed)\b"
    r"|\b(?:i heard|i read|heard that|so called)\b)(?: [\w']+){0,6} ?$"
)
WARNING_EN = re.compile(
    r"\b(?:please don't|do not|don't|never|beware of|be careful of|avoid|watch out for)(?: [\w']+){0,5} ?$"
)
HYPOTHETICAL_EN = re.compile(r"\b(?:if|suppose|imagine|unless|in case)\b[^.?!。]*$")
ASKING_EN = re.compile(
    r"(?:^|[。?!] ?)(?:do|does|did|is|are|was|were|can|could|will|would|should|may|have|has|who|what|when"
    r"|where|why|how)\b[^。?!]*$"
)
