"""Tables of identity. Nothing secret lies in them: passwords are Argon2id, everything else is a SHA-256."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Base


class PasswordRow(Base):
    """The password of a person, as Argon2id keeps it."""

    __tablename__ = "person_password"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    hash: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime]


class SessionRow(Base):
    """One sign-in in a browser. `id_sha256` is the hash of what the cookie holds; `ended_at` is None as long
    as it holds; `ended_because` is a word for the record. One that `enrols` is for setting up the second
    factor that the person has to have, and for nothing else."""

    __tablename__ = "person_session"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    id_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    opened_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str | None] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(60))
    browser: Mapped[str] = mapped_column(String(200))
    enrols: Mapped[bool] = mapped_column(default=False)


class KeyRow(Base):
    """A key by which a person or program acts over the API. `prefix` is how people tell keys apart. One with
    `parent_id` is a short-lived token that was given for that key and ends with it."""

    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("api_key.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    prefix: Mapped[str] = mapped_column(String(16))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime | None] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class FailureRow(Base):
    """How often somebody failed to prove who they are: by account and by address, so that a restart does not
    let guessing begin anew."""

    __tablename__ = "sign_in_failure"

    subject: Mapped[str] = mapped_column(String(200), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)
    locked_until: Mapped[datetime | None]


class SetupTokenRow(Base):
    """The token by which the first administrator is made, once."""

    __tablename__ = "setup_token"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SecondFactorRow(Base):
    """The second factor of a person. `last_step` is the newest step of 30 seconds whose code was used."""

    __tablename__ = "second_factor"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(String(300))
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(default=0)


class RecoveryCodeRow(Base):
    """A code for somebody who lost the telephone, good once; kept as a hash."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]
