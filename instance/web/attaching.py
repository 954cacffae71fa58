"""Files sent with a form: each is checked at once, and those that are right stay with the form until it leaves."""

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from actors.models import Actor
from actors.pictures import IMAGE_LIMIT, too_large
from federation.errors import Forbidden
from instance.web.forms import Compose
from outbox import media, publishing
from outbox.posts import Attachment


def receive(request: HttpRequest, owner: Actor, form: Compose) -> list[Attachment]:
    """What is attached now: what was sent before (hidden `piece` fields), without what is removed, and what is new."""
    kept = []
    for row in media.pending(owner, request.POST.getlist("piece")[:20]):
        if row.ulid == request.POST.get("retirer"):
            media.drop(row)
            continue
        if row.kind == "image" and f"alt_{row.ulid}" in request.POST:
            media.describe(row, request.POST[f"alt_{row.ulid}"])
        kept.append(row)
    photos = [file for file in request.FILES.getlist("photos") if file.size]
    papers = [file for file in request.FILES.getlist("documents") if file.size]
    kept += take(photos, "photos", owner, form, room(kept, "image", publishing.IMAGES))
    kept += take(papers, "documents", owner, form, room(kept, "document", publishing.DOCUMENTS))
    return kept


def room(kept: list[Attachment], kind: str, most: int) -> int:
    return max(0, most - sum(each.kind == kind for each in kept))


def take(files: "list[UploadedFile[bytes]]", name: str, owner: Actor, form: Compose, most: int) -> list[Attachment]:
    """The new ones that are right; a sentence for each of the others."""
    taken: list[Attachment] = []
    for file in files[:most]:
        try:
            taken.append(read(file, name, owner))
        except Forbidden as refusal:
            form.add_error(name, f"{file.name or ''} : {refusal}" if name_missing(file, refusal) else str(refusal))
    if len(files) > most:
        form.add_error(name, _("Quatre photos au plus.") if name == "photos" else _("Quatre documents au plus."))
    return taken


def read(file: "UploadedFile[bytes]", name: str, owner: Actor) -> Attachment:
    """Weighed before it is read: what is too large never fills the memory."""
    limit = IMAGE_LIMIT if name == "photos" else media.DOCUMENT_LIMIT
    label = file.name or _("Ce fichier")
    too_large(label, file.size or 0, limit)
    if name == "photos":
        return media.take_image(owner, label, file.read())
    return media.take_document(owner, label, file.read())


def name_missing(file: "UploadedFile[bytes]", refusal: Forbidden) -> bool:
    return bool(file.name) and str(file.name) not in str(refusal)
