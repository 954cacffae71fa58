"""`preau media`: photos and documents, from the disk to the bucket of PREAU_MEDIA_URL, or back."""

import argparse

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext_noop

from instance import moving_media
from instance.backups import Unusable, files, sending


class Command(BaseCommand):
    help = gettext_noop(
        "Copie les photos et documents du disque dans le bucket (upload), ou du bucket sur le disque"
        " (download) ; rien n’est ôté."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("way", choices=("upload", "download"))

    def handle(self, *args: object, way: str, **options: object) -> None:
        try:
            files.must_be_ours()
            if settings.MEDIA_BUCKET is None:
                raise Unusable("PREAU_MEDIA_URL n’est pas donné : les photos sont sur le disque.")
            with sending.told("Le stockage des photos (PREAU_MEDIA_URL)"):
                count = moving_media.upload() if way == "upload" else moving_media.download()
        except Unusable as reason:
            raise CommandError(str(reason)) from reason
        where = settings.MEDIA_BUCKET.shown if way == "upload" else settings.MEDIA_ROOT
        self.stdout.write(f"{count} fichiers copiés dans {where}. Rien n’a été ôté d’où ils étaient.")
        if way == "upload" and not count:
            self.stdout.write(
                "Si Préau a redémarré avec PREAU_MEDIA_URL, effacez la copie du disque : ce qu’un agent retire y reste."
                f" Tapez : rm -r {settings.MEDIA_ROOT}"
            )
