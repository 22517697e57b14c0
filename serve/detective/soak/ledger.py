"""What a server acknowledged, and what it must have after it was killed.

    uploading --201--> stored --deletion begins--> deleting --204--> deleted

A request that the kill cut off may have been carried out or not: after the restart the listing
decides which, once. Whatever was acknowledged it may not take back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from serve.detective.soak.texts import Text


@dataclass
class Ledger:
    """The server's promises.

    Attributes:
        others: ids of documents that were there before.
        uploading: name -> document whose upload has no answer yet.
        stored: id -> document that must be there.
        deleting: id -> document whose deletion has no answer yet.
        deleted: ids that must never be seen again.
    """

    others: frozenset[str] = frozenset()
    uploading: dict[str, Text] = field(default_factory=dict)
    stored: dict[str, Text] = field(default_factory=dict)
    deleting: dict[str, Text] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)

    def upload_begins(self, text: Text) -> None:
        """Note that a document is on its way."""
        self.uploading[text.name] = text

    def upload_ends(self, text: Text, document_id: str | None) -> None:
        """Note the server's answer; None: it refused, and has nothing of it."""
        del self.uploading[text.name]
        if document_id is not None:
            self.stored[document_id] = text

    def deletion_begins(self, document_id: str) -> None:
        """Note that a document may vanish from now on."""
        self.deleting[document_id] = self.stored.pop(document_id)

    def deletion_ends(self, document_id: str) -> None:
        """Note that the server has deleted it."""
        del self.deleting[document_id]
        self.deleted.add(document_id)

    def settle(self, listed: Sequence[Mapping[str, Any]]) -> list[str]:
        """Return what is wrong with a listing, taken while no request is under way.

        What was cut off is settled: an upload that is listed is stored from now on, a deletion that
        is not is deleted.

        Args:
            listed: the documents of ``GET /documents``, with ids and names.
        """
        ids = [row["id"] for row in listed]
        faults = [f"{id} is listed {n} times" for id, n in Counter(ids).items() if n > 1]
        names = Counter(row["name"] for row in listed if row["id"] not in self.others)
        faults += [f"{name} is stored {n} times" for name, n in names.items() if n > 1]
        faults += [
            f"{id} ({text.name}) was acknowledged and is lost"
            for id, text in self.stored.items()
            if id not in ids
        ]
        faults += [f"{id} is lost; it was there from the beginning" for id in self.others - {*ids}]
        faults += [f"{id} was deleted and is back" for id in ids if id in self.deleted]
        faults += self._settle_uploads(listed)
        self._settle_deletions(ids)
        return faults

    def wrongly_cited(self, cited: Collection[str], deleted_before: Collection[str]) -> list[str]:
        """Return the documents of an answer that were deleted before it was asked for."""
        return [id for id in cited if id in deleted_before]

    def _settle_uploads(self, listed: Sequence[Mapping[str, Any]]) -> list[str]:
        known = self.others | self.stored.keys() | self.deleting.keys() | self.deleted
        faults = []
        for row in listed:
            if row["id"] in known:
                continue
            text = self.uploading.pop(row["name"], None)
            if text is None:
                faults.append(f"{row['id']} ({row['name']}) was never uploaded")
            else:
                self.stored[row["id"]] = text
        self.uploading.clear()
        return faults

    def _settle_deletions(self, ids: Collection[str]) -> None:
        for id, text in self.deleting.items():
            if id in ids:
                self.stored[id] = text
            else:
                self.deleted.add(id)
        self.deleting.clear()
