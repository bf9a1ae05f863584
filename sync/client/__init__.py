"""A tablet's side of the protocol, for integrators and for the simulation; it knows the protocol only.

client = Client("https://host", Path("tablet.db"))
client.enrol(code, name="tablet 7")
client.pull()
digest = client.keep_photo(content, "image/jpeg")
client.add("inspection.create", entity_id, {...})
client.sync()
"""

from sync.client.errors import CheckpointWrong, ClientError, LineDown, Refused, StoreLost, StoreTooNew
from sync.client.line import Line
from sync.client.outbox import Item, Receipt
from sync.client.tablet import Client

__all__ = [
    "CheckpointWrong",
    "Client",
    "ClientError",
    "Item",
    "Line",
    "LineDown",
    "Receipt",
    "Refused",
    "StoreLost",
    "StoreTooNew",
]
