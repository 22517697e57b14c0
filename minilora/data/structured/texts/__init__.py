"""The hand-written texts of the structured tasks, by task, in a fixed order."""

from minilora.data.structured.collection import Collection
from minilora.data.structured.scheme import ItemList, Labels, Scheme
from minilora.data.structured.texts import (
    classify_desk,
    classify_mail,
    classify_news,
    classify_service,
    extract_notes,
    extract_offers,
    extract_office,
    lists_objects,
    lists_plain,
    records_people,
    records_things,
    searches_goods,
    searches_places,
)

EXTRACT: tuple[Scheme, ...] = extract_office.ALL + extract_notes.ALL + extract_offers.ALL
RECORD: tuple[Scheme, ...] = records_people.ALL + records_things.ALL
CLASSIFY: tuple[Labels, ...] = (
    classify_service.ALL + classify_news.ALL + classify_mail.ALL + classify_desk.ALL
)
LIST: tuple[ItemList, ...] = lists_plain.ALL + lists_objects.ALL
FILTER: tuple[Collection, ...] = searches_goods.ALL + searches_places.ALL
