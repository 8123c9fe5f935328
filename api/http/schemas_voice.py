"""What the API answers with about the sound of a call."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

_PEAKS: dict[str, Any] = {
    "call_id": 17,
    "per_second": 20,
    "duration_s": 0.25,
    "channels": [[0.0, 0.31, 0.54, 0.12, 0.0], [0.02, 0.0, 0.0, 0.0, 0.44]],
    "masked": [[0.15, 0.2]],
}


class PeaksOut(BaseModel):
    """The waveform of a call."""

    model_config = ConfigDict(json_schema_extra={"examples": [_PEAKS]})

    call_id: int
    per_second: int = Field(description="peaks per second in each channel")
    duration_s: float
    channels: list[list[float]] = Field(description="the loudest sample of each moment, 0 to 1, by channel")
    masked: list[Annotated[list[float], Field(min_length=2, max_length=2)]] = Field(
        description="where personal data is heard, from and to in seconds: there it is flat"
    )
