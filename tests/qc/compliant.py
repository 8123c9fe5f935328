"""Compliant calls of our own writing: firm or kind, but nothing to accuse anyone of."""

from typing import NamedTuple


class Compliant(NamedTuple):
    """Turns, and what the collector noted."""

    turns: tuple[str, ...]
    outcome: str


MANDARIN = (
    Compliant(
        (
            "a: 您好，请问是陈建平先生吗？",
            "c: 我是，你哪位？",
            "a: 陈先生您好，我是恒信商务服务公司的，工号一零三五，受江城银行委托跟您联系，通话会录音。",
            "c: 哦，什么事？",
            "a: 为了保护您的信息，麻烦您报一下身份证后四位核对一下。",
            "c: 二二一七。",
            "a: 谢谢。您的信用卡目前逾期四十天，应还一千八百六十元，请问您知道吗？",
            "c: 知道，上个月手头有点紧，忘了。",
            "a: 理解。逾期会按合同约定产生违约金，也可能影响您的征信，建议您尽早处理。您看什么时候方便？",
            "c: 那我周五发工资，到时候还一千八百六。",
            "a: 好的，周五还一千八百六十元，请通过江城银行的手机银行或者柜台还款，不要转给任何个人。",
            "c: 行，知道了。",
            "a: 感谢您的配合，祝您生活愉快，再见。",
        ),
        "promise_to_pay",
    ),
    Compliant(
        (
            "a: 您好，请问是赵敏女士吗？",
            "c: 是我。",
            "a: 赵女士您好，我是恒信商务服务公司的，受江城通信委托来电，通话有录音。身份证后四位麻烦核对。",
            "c: 八八四二。你们这个钱不对吧，我那个套餐早就停了。",
            "a: 您是说套餐停用之后还在计费，对金额有异议，是吗？",
            "c: 对，多收了我好几个月。",
            "a: 好的，您反映的情况我登记下来，提交给江城通信核实，核实期间我们不会再跟您催这笔费用。",
            "c: 那要多久？",
            "a: 三个工作日内会有专人给您回电说明。您还有其他需要反映的吗？",
            "c: 没有了，谢谢。",
            "a: 不客气，打扰您了，再见。",
        ),
        "dispute",
    ),
    Compliant(
        (
            "a: 您好，请问是孙国强先生吗？",
            "c: 我是，怎么了？",
            "a: 孙先生您好，我是恒信商务服务公司的，受江城银行委托联系您，通话录音。身份证后四位您说一下。",
            "c: 零九三一。我现在失业了，真的还不上。",
            "a: 听到您这样，我很理解。您现在有没有其他的收入？",
            "c: 没有，我找到工作就还。",
            "a: 您可以向银行申请个性化分期，我可以把申请方式告诉您，能不能通过要以银行审批为准。",
            "c: 那好，你跟我说说。",
            "a: 您拨打卡背面的官方客服电话，说明情况，提供失业证明就可以申请。",
            "c: 好，我明白了。",
            "a: 那就不多打扰您了，保重身体，再见。",
        ),
        "hardship",
    ),
    Compliant(
        (
            "a: 您好，请问是周丽吗？",
            "c: 我是她姐，她不在。",
            "a: 您好，我这边是恒信商务服务公司，有事情需要联系周丽本人，方便的话请您转告她回个电话。",
            "c: 什么事啊？",
            "a: 不好意思，涉及个人信息，不方便跟您说，请您谅解。",
            "c: 那好吧，我跟她说。",
            "a: 谢谢您，打扰了，再见。",
        ),
        "third_party",
    ),
)

ENGLISH = (
    Compliant(
        (
            "a: Good morning, may I speak with Daniel Price?",
            "c: Speaking. Who's this?",
            "a: Mr. Price, my name is Karen Holt, I'm calling from Weston Recovery on a recorded line. "
            "Could you confirm the last four digits of your social?",
            "c: It's 4471.",
            "a: Thank you. This is an attempt to collect a debt, and any information obtained will be used "
            "for that purpose. It's about your Brookside Bank card with a balance of $640.",
            "c: Right, I fell behind.",
            "a: I understand. Would you be able to make a payment this week?",
            "c: I'll pay $100 on Friday.",
            "a: Thank you. You can do that on the bank's website or by mail. Anything else I can help with?",
            "c: No, that's it.",
            "a: Thank you for your time, Mr. Price. Goodbye.",
        ),
        "promise_to_pay",
    ),
    Compliant(
        (
            "a: Hello, is this Maria Lopez?",
            "c: Yes, it is.",
            "a: Ms. Lopez, this is Karen Holt with Weston Recovery, a debt collector, on a recorded line. "
            "This is an attempt to collect a debt and any information obtained will be used for it.",
            "c: I already paid that in March.",
            "a: Thank you for telling me. I'll note that you dispute it and send you a validation notice, "
            "and we won't ask for payment while we look into it.",
            "c: Okay, thank you.",
            "a: You're welcome. Thank you for your time and have a good day. Goodbye.",
        ),
        "dispute",
    ),
)
