"""The speech engines as people and programs are shown them."""

from typing import Any

from api.words import Lang, Words
from store.errors import EngineError
from transcription.engines.survey import EngineState

# What is wrong and what to do, by the codes that a look at an engine may give.
_ZH = {
    "engine.ambiguous": ("有多个安装包提供同名引擎", "请只保留一个"),
    "engine.broken": ("引擎无法加载", "请修复或卸载提供它的安装包"),
    "engine.name_taken": ("名称与自带引擎相同，不会被选用", "请让提供者换一个名称"),
    "engine.compute_type": ("所选设备不支持这种计算类型", "请更正 DITING_COMPUTE_TYPE，例如 int8 或 auto"),
    "engine.no_gpu": ("没有可用的 GPU", "请把 DITING_DEVICE 设为 cpu 或 auto，或修复显卡驱动与 CUDA 库"),
    "engine.no_url": ("没有指定转写服务器", "请设置 DITING_ENGINE_URL，例如 http://127.0.0.1:8000/v1"),
    "engine.not_installed": ("没有安装所需的程序库", "请运行：pip install 'diting[sherpa]'"),
    "engine.unknown": ("没有这个引擎", "请把 DITING_ENGINE 设为表中的名称"),
    "engine.untold": ("只有加载后才知道能否使用", "请运行：diting engines --check"),
    "engine.unusable": ("引擎自述不可用", "请按提供者的说明处理"),
    "model.missing": ("没有指定或找不到模型", "请把 DITING_MODEL 设为可用的模型（见 docs/engines.md）"),
    "model.unreadable": ("模型文件无法读取或已损坏", "请重新获取模型，或更正 DITING_MODEL"),
    "model.unsupported": ("不支持这一类模型", "请使用 SenseVoice 或 Paraformer 模型"),
}
# Codes that stand for several causes: what the engine says is shown as well.
_DETAILED = {
    *("engine.broken", "engine.compute_type", "engine.no_gpu", "engine.untold", "engine.unusable"),
    *("model.missing", "model.unreadable", "model.unsupported"),
}


def why(problem: EngineError, lang: Lang) -> str:
    """What is wrong and how to mend it, on one line; in Chinese the engine's own words are quoted."""
    if lang == "en" or problem.code not in _ZH:
        return str(problem)
    wrong, mend = _ZH[problem.code]
    place = f"{problem.where}：" if problem.where else ""
    detail = f"（{problem.message}）" if problem.code in _DETAILED else ""
    return f"{place}{wrong}{detail}。{mend}。 [{problem.code}]"


def usable(state: EngineState) -> Words:
    """Whether the engine can be used, in a word."""
    if state.usable is None:
        return Words("未知", "not known")
    return Words("可用", "yes") if state.usable else Words("不可用", "no")


def plain(state: EngineState) -> dict[str, Any]:
    """The engine as JSON has it."""
    problem = state.problem
    return {
        "name": state.name,
        "chosen": state.chosen,
        "second": state.second,
        "offered_by": state.offered_by,
        "library": state.library,
        "version": state.version,
        "installed": state.installed,
        "usable": state.usable,
        "model": state.model,
        "problem": None
        if problem is None
        else {
            "code": problem.code,
            "message": problem.message,
            "where": problem.where,
            "mend": problem.mend,
        },
    }
