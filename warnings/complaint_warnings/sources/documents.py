"""What people and other systems hand in: reports and public posts. Strict: nothing is bent to fit."""

from decimal import Decimal
from typing import Annotated, Any, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from complaint_warnings.sources.types import Doubt
from complaint_warnings.types import Level
from ingest.record import Moment
from store.errors import BadInputError


def _storable(value: str) -> str:
    """Text that every database can keep."""
    if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise ValueError("it holds characters that are no text")
    return value


Text = Annotated[str, AfterValidator(_storable)]
Key = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Words = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
Number = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=3, max_length=100)]
Link = Annotated[Text, StringConstraints(strip_whitespace=True, max_length=2000)]
Reference = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=320)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


def _amount(value: Any) -> Any:
    """Amounts come as text or whole numbers; a binary fraction is not the amount that was meant."""
    return Decimal(value) if isinstance(value, str | int) and not isinstance(value, bool) else value


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


Amount = Annotated[Decimal, BeforeValidator(_amount), Field(ge=0, max_digits=15, decimal_places=2)]


class Document(BaseModel):
    """Base of the documents."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", hide_input_in_errors=True)


class Debtor(Document):
    """Whose debt it is, by the ids that the calls have. One id is enough; all that are given must agree."""

    customer_id: Key | None = None
    case_id: Key | None = None
    number: Number | None = None

    @property
    def named(self) -> bool:
        """Whether any id is given."""
        return any((self.customer_id, self.case_id, self.number))


class Report(Document):
    """What one of the house's people noticed: about whom, what the customer doubts, in which words.

    `reporter` is the person who noticed it; who enters an oral report for them is known besides. `call` is
    the call it was heard in (`SOURCE/EXTERNAL_ID`). `level` is the level that the reporter proposes.
    """

    external_id: Key | None = Field(default=None, description="the report's id in another system")
    reporter: Key
    oral: bool = False
    debtor: Debtor = Debtor()
    name: Key | None = None
    contact: Number | None = None
    amount_due: Amount | None = None
    currency: Currency = "CNY"
    client: Key | None = None
    collector_id: Key | None = None
    team: Key | None = None
    doubts: Annotated[tuple[Doubt, ...], BeforeValidator(_tuple), Field(min_length=1, max_length=12)]
    words: Words
    level: Level | None = None
    call: Reference | None = None
    happened_at: Moment

    @model_validator(mode="after")
    def _about_somebody(self) -> Self:
        if not self.debtor.named and self.call is None:
            raise ValueError("the debtor is not named: give an id of the debtor, or the call")
        if len(set(self.doubts)) != len(self.doubts):
            raise ValueError("a doubt is given twice")
        return self


class Opinion(Document):
    """A public post. `platform` is where it stands, `link` its address; both are only text here."""

    external_id: Key | None = Field(default=None, description="the post's id in another system")
    platform: Key
    link: Link | None = None
    author: Key | None = None
    text: Words
    posted_at: Moment | None = None
    debtor: Debtor = Debtor()
    client: Key | None = None


D = TypeVar("D", bound=Document)


def parse(kind: type[D], data: object, where: str) -> D:
    """Check a document; `where` names it in errors.

    Raises:
        BadInputError: `item.document`, naming the first wrong field.
    """
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        raise BadInputError(
            sentence_of(first["msg"]),
            code="item.document",
            where=f"{where} {field_of(first['loc'])}".strip(),
            mend="docs/warnings.md lists the fields.",
        ) from None


def field_of(location: tuple[int | str, ...]) -> str:
    """The field's path as people write it."""
    return ".".join(str(part) for part in location)


def sentence_of(message: str) -> str:
    """What pydantic says, without its own words for it."""
    plain = message.removeprefix("Value error, ")
    return plain[:1].lower() + plain[1:]
