"""Learns what changes within one speaker's voice (shouting, haste, weeping), so that it can be shrunk.

    python scripts/train_voice_whitening.py FOLDER

FOLDER holds two-channel calls, `NAME.opus` with `NAME.transcript.json` (true times); those calls of
`bench/calls` were used whose names begin with U, spoken by synthetic voices over a simulated line. The
inverse square root of the covariance within speakers makes all such changes equally small; what remains
tells speakers apart.
"""

import argparse
import hashlib
from pathlib import Path

import numpy as np

from ingest.audio import decode
from transcription.given import load_transcript
from transcription.speakers.embedding import FRAMES_PER_S, RATE, encode

TARGET = Path(__file__).parent.parent / "transcription" / "speakers" / "models" / "whitening.npy"
# Directions in which the few speakers of the training calls hardly vary must not be blown up.
FLOOR = 1.0
HOP_FRAMES = 80
SHORTEST_S = 0.9
CHANNELS = {"agent": 0, "customer": 1}


def deviations(recording: Path) -> list[np.ndarray]:
    """Embeddings of each speaker of one call, less that speaker's mean."""
    audio = decode(recording)
    found: dict[str, list[np.ndarray]] = {"agent": [], "customer": []}
    for said in load_transcript(recording.with_name(recording.stem + ".transcript.json")).utterances:
        if said.speaker not in CHANNELS or said.end - said.start < SHORTEST_S:
            continue
        sound = audio.samples[CHANNELS[said.speaker], int(said.start * RATE) : int(said.end * RATE)]
        centres = range(HOP_FRAMES // 2, len(sound) * FRAMES_PER_S // RATE, HOP_FRAMES)
        found[said.speaker].append(encode(sound, centres))
    voices = [np.concatenate(parts) for parts in found.values() if parts]
    return [voice - voice.mean(axis=0) for voice in voices]


def main() -> None:
    """Write the matrix."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    recordings = [
        path for path in sorted(parser.parse_args().folder.glob("*.opus")) if ".mono" not in path.name
    ]
    spread = np.concatenate([part for path in recordings for part in deviations(path)]).astype(np.float64)
    values, directions = np.linalg.eigh(spread.T @ spread / len(spread))
    scale = 1 / np.sqrt(values + FLOOR * values.mean())
    matrix = (directions * scale / scale.mean()) @ directions.T
    np.save(TARGET, matrix.astype(np.float16))
    print(f"{TARGET}: {len(recordings)} calls, SHA-256 {hashlib.sha256(TARGET.read_bytes()).hexdigest()}")


if __name__ == "__main__":
    main()
