import pytest

from transcription.text.announcements import machine_of, machine_share, passages


@pytest.mark.parametrize(
    ("text", "machine"),
    [
        ("您拨打的电话已关机", "unreachable"),
        ("您拨打的用户暂时无法接通", "unreachable"),
        ("您波打的用户站时无法接同", "unreachable"),  # as a recogniser may write it
        ("您所拨打的号码是空号", "unreachable"),
        ("The number you have dialed is not in service", "unreachable"),
        ("the subscriber you dialed is power off", "unreachable"),
        ("请在滴声后留言", "voicemail"),
        ("请在提示音之后留言", "voicemail"),
        ("Please leave your message after the tone", "voicemail"),
        ("您好欢迎致电联通客服", "menu"),
        ("普通话请按一", "menu"),
        ("Thank you for calling Tidewell Bank", "menu"),
    ],
)
def test_machines_are_known_by_what_they_say(text, machine):
    assert machine_of(text) == machine


@pytest.mark.parametrize(
    "text",
    [
        "我打你们电话老说您拨打的电话正忙",
        "他手机已关机",
        "你稍后再打吧",
        "你给我留言干什么",
        "他现在不在",
        "我再给您打过去",
        "您好请问是李先生吗",
        "please call me later",
        "I left a message yesterday",
        "",
    ],
)
def test_people_are_no_machines(text):
    assert machine_of(text) is None


def test_a_greeting_goes_with_what_the_machine_goes_on_to_say():
    text = "您好，您拨打的电话已关机，请稍后再拨。Sorry, the number you dialed is power off."

    assert [(part.start, part.end, part.machine) for part in passages(text)] == [
        (0, len(text), "unreachable")
    ]
    assert machine_share(text) == 1.0


def test_what_leads_to_the_beep_is_the_machines_too():
    text = "我现在不在，请在嘟声后留下您的姓名，请在提示音后留言。"

    (only,) = passages(text)

    assert only.machine == "voicemail"


def test_a_person_after_the_machine_is_told_from_it():
    text = "您好，欢迎致电联通客服，普通话请按一，喂你好哪位"

    assert [(text[part.start : part.end], part.machine) for part in passages(text)] == [
        ("您好，欢迎致电联通客服，普通话请按一，", "menu"),
        ("喂你好哪位", None),
    ]


def test_text_without_machines_is_one_passage():
    assert [part.machine for part in passages("是我，什么事，你说。")] == [None]
    assert passages("") == ()
    assert machine_share("") == 0.0
