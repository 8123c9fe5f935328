"""What a Mandarin sentence does with a payment: promises, asks, denies, leaves open."""

import re

from qc.extract.speech import Ask, Mood

_PAY = re.compile(
    r"(?<![归偿])还(?=[^没不是要得在会能想敢让真可挺差好行剩欠有以挂车书价房手记本款说叫老用觉刷留算给贷原夸骂抱找催问笑教帮逼拉跑接干做开吃喝睡住站等带]|"
    r"$)|还给(?=你|银行|您)|还款(?!方式|链接|计划|日|记录|能力|提醒)|偿还"
    r"|[付缴](?!费方式|了费)|(?<![提成移转])交(?=[^班作警代流通货房学保易情给道完待谈接]|"
    r"$)|交给(?=你们?$|银行)|交完(?!了|之后|以后)"
    r"|存(?=[进上到款入钱一二两三四五六七八九0-9]|过去|$)|汇(?=[过款给])"
    r"|转(?=[过给账上一二两三四五六七八九个0-9]|进去|到(?:你|账))(?!过来|给?(?:我|"
    r"他|她))|打(?=过去|给你们(?!$|打)|给你(?=[一二两三四五六七八九0-9钱])|进去|"
    r"[钱款](?!给?我)|[一二两三四五六七八九0-9]{1,3}[百千万])"
    r"|凑(?=[齐够上给出到个一二两三四五六七八九])|处理(?!结果|完|中)|结(?=清(?!证|"
    r"单)|掉|给你)|(?<=把)[^，]{0,6}结了|清(?=掉|账|$)|补(?=上(?!次)|齐)|充(?=[上值进话])"
    r"|(?<![发送])给(?=(?:你们?|您|他们)(?:$|[，。!?]|打过去|打进|转(?!接|达)|"
    r"还|存|个?[一二两三四五六七八九0-9]|钱))|[就全先]给(?=$|[，。!])"
    r"|扣(?=吧|走|[一二两三四五六七八九])|解决(?!不|方)|办了|弄(?=完|好)|扫尾|"
    r"搞定|垫上|(?:一把头?|把它|都)清了|清了它|清$|转(?=你)|汇$|到你们?(?:账|"
    r"卡)"
)
_NEGATIVE = re.compile(
    r"(?:还|交|付|拿|处理|凑|缴|掏|给|存)不(?:上|了|起|出|清|到|齐|够|动)|没(?:有|"
    r"得)?(?:钱|法|办法|能力|有钱)(?!.{0,14}(?:还|交|转|付|给))"
    r"|(?<![能是要会说非会])不(?:会|想|打算|可能|准备|愿意|肯)?(?:再)?(?:还|交|"
    r"付|给|掏|认)(?![清上完起]|我)|做不到|办不到|来不及"
    r"|(?<![也都])不行(?!不行|的话|我|吗|[?？])|不可能|没门|休想|凭什么|哪(?:有|"
    r"来|儿有|里有)(?:钱)?|拿什么还|怎么还(?!款)|没(?:有)?(?:让|要)|不用|别(?:给|"
    r"记)|不交|不给|不是(?:不|没)(?:想|打算)?(?:要)?(?:还|交|给)|没说不|先别|"
    r"太多|太高|多了点|没那么多|哪(?:有|来)那么多"
)
_DENIES = re.compile(
    r"(?:没|没有|从没|什么时候|啥时候|几时|谁)(?:有)?(?:跟你)?(?:答应|同意|承诺|"
    r"说过?要?(?:还|今天|明天)|约过?|应)|我?可?没说(?:月底|明天|今天|要)|(?:别|"
    r"不要)(?:瞎|乱|胡)(?:写|记|填|说)"
    r"|(?:算了|反正|就是|决定|一分|一毛)[^，]{0,6}不还了?|别给我(?:写|记)|不用给我登记|"
    r"别(?:写|记)我|^(?:那)?(?:算了)?我?(?:也|就)?不还了(?:啊|吧)?$"
)
_VAGUE = re.compile(
    r"再说|再看|(?<![你查给])看看|看情况|看着办|不一定|保证不了|不敢|说不准|说不好|"
    r"说不定|没准|再商量|商量|考[虑率]|想想|尽力|不确定|不好说|难说|没个准|再谈|"
    r"才考虑|给不了"
    r"|猴年马月|下辈子|太阳打西边|中了?彩票|发财|月球|有钱就给|没有就没有|谁知道|不知道|不清楚|拖一拖|大不了"
)
_PAST = re.compile(
    r"(?:昨天|前天|上个?月|上周|上礼拜|去年|早就|已经|刚才|刚刚|之前|当时|以前)[^，]{0,14}(?:还|"
    r"交|付|缴|结|转|存|处理)(?!在)(?!着呢)|(?:还|交|付|缴|结|转|存|打)(?:清|"
    r"完|掉|进去)?(?:过|(?<!会还)(?<!会处理)(?<!要还)(?<!定还)(?<!能还)的)(?:了|"
    r"呀|啊|吗|呢|嘛)?$|都?(?:还|交|结)清了$|(?:还|交|付)过(?:了|钱)?|(?:还|交|"
    r"付|转)[^，]{1,6}的$"
    r"|[0-9一二三四五六七八九十]号(?:就)?(?:在|从|用)[^把]{0,8}(?:交|还|转|付|"
    r"存)了$|我?[都早](?:还|交|付)了(?:$|[0-9一二三四五六七八九十])|这个月的?我?(?:还|"
    r"交)了|才(?:发|还)"
)
_TAKES_UP = re.compile(r"把(?!关)")
_DONE = re.compile(r"(?:还|交|付|缴|结|转|存|清)(?:清|完|掉|进去|过去)?了(?:啊|呀|吗|呢|嘛|的)?$")
_QUOTED = re.compile(
    r"(?<![给跟按])(?:你|您|你们|他|她|他们|人家|同事|小伙子|姑娘|短信|合同|前台|"
    r"公司|老板|老板娘|朋友|老公|老婆|别人|客服|账单|上面|上回|上次)(?:们)?(?:[^，我]{0,6})(?:说|"
    r"让我|叫我|要我|催|写|答应|承诺|登记|欠)|你们?(?:让|叫|逼|要)我|不是我要|"
    r"^(?:你|您)们?(?:今天|现在|明天|马上|先|再)|(?<![我他她])(?:让|叫)我(?![女儿老爸妈媳爱弟哥姐们])"
)
_HEDGED = re.compile(r"尽量|争取|应该|可能|大概(?!其)|也许|估计|试试|兴许|看能不能|想办法|想想办法|差不多")
_IF = re.compile(
    r"如果|要是|假如|假若|只要|除非|万一|的话|(?:能|给我|你们?)[^，]{0,4}(?:减|免)|才(?:还|能还|交|谈)|有钱了"
)
_PAYDAY = re.compile(
    r"(?:发|开|领|结|到)(?:了|下来)?(?:工资|公资|薪水?|新水|饷|支|奖金|钱|退休金|"
    r"养老金|夜班费|提成|补助|稿费|工钱|绩效|低保)|(?:工资|薪水|退休金|养老金|"
    r"工钱|绩效|提成|年终奖|奖金|公积金)(?:一)?(?:到|下来|发|结|提)|开支|发薪"
)
_INCOME = re.compile(
    r"(?:货款|工程款|尾款|运费|钱|款|押金|拆迁款|理赔|失业金)(?:一)?(?:到|下来|"
    r"回来|进来|结)|卖了?|结了?账|收了?|退我|转我|给我打|借到|过户"
)
_ASKS = re.compile(
    r"(?:能不能|可不可以|能否|可以不可以|是不是可以|可以)[^，]{0,14}(?:缓|晚|"
    r"分期|延|宽限|减|免|少|停)|(?:再|晚|缓|拖)[^，]{0,5}(?:还|交|付)?[^，]{0,3}(?:行不行|"
    r"行吗|行么|可以吗|可以不|成不成)"
    r"|怎么(?:还|交|转|样)|多少|几期|犯法|还是不还|最长|差多少|有没有|什么时候能|"
    r"是不是|算不算|还到|分(?:[0-9]+|[一二两三四五六七八九十几]+)(?:期|次|个月)[^，]{0,4}(?:行|"
    r"可以|成)(?:不|吗)"
)
_QUESTION = re.compile(r"(?:吗|么|呢|行不行|可以不|成不成|中不中|好不好|行不|成不|能不|[?？])[?？。！]*$")
_OFFER = re.compile(r"(?:行|可以|成|中|好)(?:不行|不可以|不成|不中|不好|不|吗|么|吧)[?？]?$")
_STRONG = re.compile(
    r"(?:一定|肯定|保证|绝对|准)(?:会|能|就)?(?:给你)?(?:还|交|付|处理|清)|我会(?:尽快)?(?:还|"
    r"交|处理|付)|(?:马上|这就|尽快|立马|就去|去)(?:还|交|处理|转|付|存)|我(?:就|"
    r"来)?(?:还|交|付|处理)(?:$|[吧的]|还不行)|这钱我还"
)
_ACCEPTS = re.compile(
    r"^(?:嗯+|哦|啊|哎|那|好吧?|行吧?)*(?:对|行|好|可以|能|没问题|成|中|得嘞|"
    r"得|是的|没错|ok|要得|没得问题|同意|可得|妥|知道了|嗯+)(?:对|的|吧|啊|嘛|"
    r"呀|了|好|行|可以|能|成|是|嗯|那|就这样|就这么定|没错|没问题|我记住了|我?知道了|"
    r"明白|着呢|妥|谢谢|呢|听你的|就按你说的|我答应|就是这样|我?尽量|办)*$"
)
_WEAK_ACCEPT = re.compile(r"^(?:嗯|哦|啊|哎|知道了|好吧|行吧)+$")
_FILLERS = re.compile(
    r"[，,、。！？?!….—]|说到做到|我发誓|放心|写上|听见了|知道了|拿人格|人格|"
    r"不会让你难做|这次|这回|真的|后天嘛|吧|嗯|那|就|呃|大概|我|先|行|好|可以|"
    r"的|呢|啊|了|最多|左右|之前|以前|这|给|你|您|还|只|能|有|是|要不|个|差不多|"
    r"不对|应该|到|说话算话|对|一|再|准|一定|肯定|没问题|中午|下午|晚上|上午|"
    r"点|号|前|以内|发工资|发了|营业厅|app|手机银行|公众号|银行|微信|柜台|去|"
    r"把|它|还|交|块|钱|晚点|工资|下班|就是|嘛|呗|哈|喽|咯|其余|没错|确定|最迟|"
    r"最晚|答应|可能"
)

_ASK_WHEN = re.compile(
    r"什么时候|啥时候|何时|哪天|几号|多久|哪一天|多会儿|啥时|什么时间|时间(?:呢|"
    r"吗|点)|给(?:我)?个(?:准|时间|日子|话)|具体.{0,4}(?:日子|日期|时间)|能不能|"
    r"方便|打算|安排"
)
_ASK_AMOUNT = re.compile(r"多少|几百|剩下的?[^。]{0,10}呢|拿(?:得)?出(?:来)?|多大|能还一部分")
_SETTLES = re.compile(
    r"那就|就按|给您?记|帮您?(?:登记|记)|登记|约(?:定|好|在)|定在|确认|重复|复述|"
    r"也就是|记(?:上|下|录)|说好|那您?(?:是|就)|核对|对吧|对吗|是吧|没错吧|这样"
)
_AGENT_ASKS = re.compile(
    r"(?:吗|吧|呢|么|行不行|可以不|好不好|对不对|[?？])[?？。！]*$|能不能|可不可以|能否|您看"
)
_NOT_PROPOSED = re.compile(
    r"申请(?!分期)|减免|提醒|打给您|回电|联系您|核实|必须|否则|不然|要不然|最后期限|"
    r"逾期|违约金|征信|起诉|到不了账|我给您回复|不着急|别转|千万别|不要转"
)
_REJECTS = re.compile(r"不行|太少|不够|必须|不可以|没法|不能|一次性|全部还|最少")


def clauses(sentence: str) -> list[tuple[int, int]]:
    """The spans between commas."""
    found, start = [], 0
    for match in re.finditer(r"[，,、：:…—]+", sentence):
        found.append((start, match.start()))
        start = match.end()
    return [(first, last) for first, last in [*found, (start, len(sentence))] if last > first]


def past(clause: str) -> bool:
    """Whether a clause tells of a payment that was made."""
    plain = _plain(clause)
    return bool(_PAST.search(plain)) and not _TAKES_UP.search(plain)


def _plain(clause: str) -> str:
    return clause.strip("。！？?!")


def mood(clause: str) -> Mood:
    """What the customer does in one clause."""
    plain = _plain(clause)
    pays = bool(_PAY.search(plain))
    return Mood(
        pays=pays,
        negative=bool(_NEGATIVE.search(plain)) and not _OFFER.search(plain),
        denies=bool(_DENIES.search(plain)),
        vague=bool(_VAGUE.search(plain)),
        past=past(clause),
        done=bool(_DONE.search(plain)),
        quoted=bool(_QUOTED.search(plain)),
        strong=bool(_STRONG.search(plain)),
        hedged=bool(_HEDGED.search(plain)),
        asks=bool(_ASKS.search(plain)),
        question=bool(_QUESTION.search(clause)),
        offers=bool(_OFFER.search(plain)),
        accepts=bool(_ACCEPTS.match(plain)),
        weakly=bool(_WEAK_ACCEPT.match(plain)),
        condition="if"
        if _IF.search(plain)
        else "payday"
        if _PAYDAY.search(plain)
        else "income"
        if _INCOME.search(plain)
        else None,
    )


def left_over(sentence: str, spans: list[tuple[int, int]]) -> int:
    """How many characters of a sentence are neither terms nor filler."""
    kept = "".join(char for at, char in enumerate(sentence) if not any(a <= at < b for a, b in spans))
    return len(_FILLERS.sub("", kept))


_CORRECTS = re.compile(r"^(?:哎|诶|嗯)?，?(?:不对|不是|错了|说错了?|不不)")


def corrects(sentence: str) -> bool:
    """Whether the sentence sets right what was just read out."""
    return bool(_CORRECTS.match(sentence))


def waits_for(sentence: str) -> tuple[int, int] | None:
    """The words for the money that the customer waits for, pay day or other."""
    match = _PAYDAY.search(sentence) or _INCOME.search(sentence)
    return match.span() if match else None


def ask(sentence: str) -> Ask:
    """What the agent does in one sentence."""
    return Ask(
        pays=bool(_PAY.search(sentence)),
        when=bool(_ASK_WHEN.search(sentence)),
        amount=bool(_ASK_AMOUNT.search(sentence)),
        proposes=bool(_AGENT_ASKS.search(sentence) or _SETTLES.search(sentence))
        and not _NOT_PROPOSED.search(sentence),
        settles=bool(_SETTLES.search(sentence)),
        rejects=bool(_REJECTS.search(sentence)),
        money=bool(re.search(r"还|交|付|欠|最低|账单|款|金额|处理|缴|凑|拿|剩", sentence)),
        more=bool(re.search(r"剩|余款|另外|第二|其余", sentence)),
    )
