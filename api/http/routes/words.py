"""The words for the values of answers, and the clock of the house: what pages need first."""

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from api.vocabulary import VOCABULARY
from store.settings import Settings

router = APIRouter(tags=["words"])


class Both(BaseModel):
    """One meaning in Chinese and English."""

    zh: str
    en: str


class Vocabulary(BaseModel):
    """How this installation speaks: its time zone, and the words by group and value."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"zone": "Asia/Shanghai", "words": {"bands": {"clean": {"zh": "合规", "en": "Clean"}}}}
            ]
        }
    )

    zone: str
    words: dict[str, dict[str, Both]]


@router.get("/words", summary="The words for the values of answers, and the house's time zone")
def vocabulary(request: Request) -> Vocabulary:
    """`words[group][value]`; a value that is not listed is shown as it is."""
    settings: Settings = request.app.state.settings
    told = {
        group: {value: Both(zh=said.zh, en=said.en) for value, said in table.items()}
        for group, table in VOCABULARY.items()
    }
    return Vocabulary(zone=settings.timezone, words=told)
