"""Whose number was called. The words of case systems are open; a word that nobody knows leaves doubt."""

from ingest.metadata import CallRecord, EarlierCall

DEBTOR = "debtor"
# These say that the number is the debtor's own …
_OWN = frozenset([
    "debtor", "self", "customer", "client", "consumer", "cardholder", "borrower", "holder", "owner",
    "本人", "债务人", "借款人", "持卡人", "机主", "客户", "客户本人", "主借人",
])  # fmt: skip
# … and these that it is surely somebody else's.
_OTHERS = frozenset([
    "relative", "family", "spouse", "parent", "father", "mother", "sibling", "child", "colleague",
    "friend", "contact", "emergency_contact", "third_party", "attorney", "lawyer", "律师", "employer",
    "neighbour", "neighbor",
    "landlord", "亲属", "亲戚", "家属", "配偶", "父母", "父亲", "母亲", "子女", "兄弟姐妹", "同事",
    "朋友", "联系人", "紧急联系人", "第三人", "第三方", "单位", "邻居", "房东",
])  # fmt: skip


def party(word: str) -> str:
    """The relation in one spelling; every word for the debtor's own is `debtor`."""
    plain = word.strip().lower()
    return DEBTOR if plain in _OWN else plain


def relation_of(record: CallRecord) -> str:
    """Whose number was called, as `party` spells it."""
    return party(record.customer.relation)


def is_known(relation: str) -> bool:
    """Whether the word says for sure that it is the debtor, or that it is not."""
    return relation == DEBTOR or relation in _OTHERS


def person_of(earlier: EarlierCall, record: CallRecord) -> str:
    """Whose number an earlier call went to. What the entry does not say is taken from this call where the
    number is the same; else it was the debtor's, as for the call itself."""
    if earlier.relation is not None:
        return party(earlier.relation)
    same_number = earlier.number is not None and earlier.number == record.customer.number
    return relation_of(record) if same_number else DEBTOR


def same_person(earlier: EarlierCall, record: CallRecord) -> bool | None:
    """Whether an earlier call went to the person of this one; None where the record does not say.

    The debtor's numbers are one person. Somebody else's are told apart by the number, else by the relation.
    """
    now, then = relation_of(record), person_of(earlier, record)
    if DEBTOR in (now, then):
        return now == then if is_known(now) and is_known(then) else None
    if earlier.number is not None and record.customer.number is not None:
        return earlier.number == record.customer.number
    return True if now == then else None
