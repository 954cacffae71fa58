"""`preau domain`: the names of this instance, and which partners know the present one (see `preau move-domain`)."""

import argparse

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from actors import moving, own_names
from federation import hallway, peers
from federation.errors import Forbidden, Malformed
from federation.models import Peer
from inbox import renaming
from instance.place import here


class Command(BaseCommand):
    help = gettext_noop(
        "Dit les noms de l’instance, et quels partenaires ne savent pas encore le dernier ; preau move-domain"
        " le change."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb")
        verbs.add_parser("list", help=_("les noms, et qui ne sait pas encore le présent : sans autre mot"))
        check = verbs.add_parser("check", help=_("si l’instance pourrait prendre ce nom ; rien n’est changé"))
        tell = verbs.add_parser("tell", help=_("redit le nom présent à un partenaire qui ne l’a pas confirmé"))
        heard = verbs.add_parser("heard", help=_("il le sait par une autre voie : ce qui attend pour lui part"))
        for each in (check, tell, heard):
            each.add_argument("name", help=_("un nom tel que rsi.vernay.fr"))
        verbs.add_parser("take", help=_("passe les comptes au nom des réglages : ce que lance preau move-domain"))

    def handle(self, *args: object, verb: str | None, name: str = "", **options: object) -> None:
        does = {"check": self.check_name, "take": self.take, "tell": self.tell, "heard": self.heard}
        try:
            does.get(verb or "", self.show)(name)
        except Forbidden as reason:
            raise CommandError(str(reason)) from reason
        except Malformed as error:
            raise CommandError(
                _("%(name)s ne peut pas être le nouveau nom : donnez-en un tel que rsi.exemple.fr.") % {"name": name}
            ) from error

    def show(self, name: str) -> None:
        self.stdout.write(f"{settings.HOST}\tpresent")
        for former in settings.FORMER_HOSTS:
            self.stdout.write(f"{former}\tformer")
        for peer in own_names.waiting():
            self.stdout.write(f"{peer.host}\twaits\t{peer.knows_us_as}")

    def check_name(self, name: str) -> None:
        moving.must_be_free(peers.host_named(name))
        moving.must_be_known_to_all()

    def tell(self, name: str) -> None:
        own_names.tell(waiting(name))
        hallway.wake("deliveries")

    def heard(self, name: str) -> None:
        own_names.heard(waiting(name).host)

    def take(self, name: str) -> None:
        """Nothing leaves before the doors are open: the letters are rows, and wait. Twice is once."""
        count = renaming.take_name() if moving.former() else 0
        hallway.wake("deliveries")
        self.stdout.write(_("%(count)s comptes portent le nom %(host)s.") % {"count": count, "host": settings.HOST})


def waiting(host: str) -> Peer:
    """A house that does not know our present name yet. CommandError."""
    found = Peer.objects.filter(host=host).exclude(knows_us_as="").first()
    if found is None:
        raise CommandError(here(_("%(host)s n’attend rien : preau domain montre qui attend.") % {"host": host}))
    return found
