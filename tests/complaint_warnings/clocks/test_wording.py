from complaint_warnings.clocks.wording import explain

from .stories import SHANGHAI, at, clock, story


def test_a_plain_limit():
    (deadline,) = clock("settle", story("2026-09-30 17:00"))
    words = explain(deadline, SHANGHAI)
    assert words.zh == ("办结：一般事项3个工作日内办结；自2026-09-30 17:00起3个工作日（收到当日不计）。")
    assert words.en == (
        "settled: general matters are settled within 3 working days; "
        "3 working days, the day of receipt not counted, from 2026-09-30 17:00."
    )


def test_a_limit_that_was_moved_says_by_what_and_by_whom():
    events = story(
        "2026-09-30 17:00",
        ("2026-10-08 10:00", "hold", {"reason": "awaiting_documents"}),
        ("2026-10-09 10:00", "resume", {}),
        ("2026-10-09 11:00", "extend_deadline", {"kind": "settle", "reason": "等候核实"}),
        (
            "2026-10-09 12:00",
            "set_deadline",
            {"kind": "settle", "due": at("2026-10-30 12:00").isoformat(), "reason": "与客户约定"},
        ),
    )
    (deadline,) = clock("settle", events)
    assert explain(deadline, SHANGHAI).zh == (
        "办结：一般事项3个工作日内办结；自2026-09-30 17:00起5个工作日（收到当日不计）；"
        "2026-10-08 10:00至2026-10-09 10:00暂停（等待材料）；经head-1延期（等候核实）；"
        "head-1人工设定为2026-10-30 12:00（与客户约定），以此为准；晚于规则期限2026-10-14 18:00。"
    )
    assert explain(deadline, SHANGHAI).en.endswith(
        "paused from 2026-10-08 10:00 to 2026-10-09 10:00 (waiting for documents); extended by head-1 "
        "(等候核实); set by hand to 2026-10-30 12:00 by head-1 (与客户约定), which wins; "
        "this is later than the rule's own limit, 2026-10-14 18:00."
    )


def test_a_regulation_is_cited():
    (deadline,) = clock("regulator", story("2026-09-25 10:00", kind="complaint", source="regulator"))
    words = explain(deadline, SHANGHAI)
    assert (
        "《银行业保险业消费投诉处理管理办法》（银保监会令2020年第3号）；自2026-09-25 10:00起15日" in words.zh
    )


def test_what_is_not_certain_is_said():
    (deadline,) = clock("settle", story("2026-12-30 10:00"))
    words = explain(deadline, SHANGHAI)
    assert words.zh.endswith("；暂定：所涉年份的放假安排尚未公布，暂按周末休息推算。")
    assert words.en.endswith(
        "; provisional: the year's working days are not announced yet; only weekends are taken as off."
    )


def test_a_pause_that_lasts():
    events = story("2026-09-29 10:00", ("2026-09-30 12:00", "hold", {"reason": "unheard_of"}))
    (deadline,) = clock("settle", events)
    assert "2026-09-30 12:00至今暂停（其他原因）" in explain(deadline, SHANGHAI).zh
