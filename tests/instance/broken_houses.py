"""Deliberately broken houses: what breaks each, and what `preau doctor` must then say."""

import itertools
import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils.timezone import now

from actors import arrivals
from actors.models import Agent, Organisation
from federation.models import Delivery, Dispatch, Key
from inbox.models import Receipt
from instance import maintenance
from instance.backups import last, manifest

LONG_AGO = timedelta(days=3)
NUMBERS = itertools.count()
# By the code of what is found: what breaks it, the check, words of the remedy, the exit status, options.
BROKEN_SO: dict[str, tuple[Callable[[Any], None], str, str, int, tuple[str, ...]]] = {}


def finds(code, check, remedy, status=2, *options):
    def register(breaks):
        BROKEN_SO[code] = (breaks, check, remedy, status, options)
        return breaks

    return register


@finds("essai-en-service", "réglages entre eux", "Ôtez PREAU_DEVELOPMENT")
def trial_settings_under_a_public_name(house):
    house.settings.HOST = "rsi.exemple.fr"


@finds("nom-local", "réglages entre eux", "le nom public de ce serveur")
def a_local_name_in_service(house):
    house.settings.DEVELOPMENT, house.settings.HOST = False, "192.168.1.20"


@finds("sqlite-et-celery", "réglages entre eux", "ôtez REDIS_URL", 1)
def celery_on_sqlite(house):
    house.settings.WORK, house.settings.SQLITE = "celery", True


@finds("travail-a-la-main", "réglages entre eux", "Ôtez PREAU_WORK")
def work_for_tests(house):
    house.settings.WORK = "manual"


@finds("reglages-lisibles", "fichier des réglages", "chmod 640")
def settings_that_all_may_read(house):
    (house.folder / "preau.env").write_text("PREAU_SECRET_KEY=x")
    (house.folder / "preau.env").chmod(0o644)


@finds("ligne-incomprise", "fichier des réglages", "NOM=valeur")
def a_line_as_for_a_shell(house):
    (house.folder / "preau.env").write_text("export PREAU_HOST=rsi.exemple.fr")
    (house.folder / "preau.env").chmod(0o600)


@finds("reglage-inconnu", "fichier des réglages", "le plus ressemblant est PREAU_BACKUP_URL", 1)
def a_name_that_is_misspelt(house):
    (house.folder / "preau.env").write_text("PREAU_BAKUP_URL=s3://s3.exemple.fr/nuits")
    (house.folder / "preau.env").chmod(0o600)


@finds("disque-bientot-plein", "disque", "du -xh", 1, "--free-disk", "100")
def a_disk_with_less_room_than_wanted(house):
    pass


@finds("disque-plein", "disque", "du -xh")
def a_disk_that_is_said_to_be_full_whatever_is_left(house):
    house.monkeypatch.setattr("instance.doctor.machine.FULL", 101)


@finds("dossier-ouvert", "dossier des données", "chmod 750", 1)
def a_folder_that_all_may_enter(house):
    house.settings.DEVELOPMENT = False
    (house.folder / "data").chmod(0o755)


@finds("fichiers-d-un-autre", "dossier des données", "chown -R")
def a_file_that_root_left(house):
    if os.geteuid():
        pytest.skip("only root gives files away")
    (house.folder / "data" / "preau.sqlite3-wal").touch()
    os.chown(house.folder / "data" / "preau.sqlite3-wal", 65534, -1)


@finds("fichiers-statiques", "fichiers statiques", "preau collectstatic")
def static_files_that_nobody_collected(house):
    house.settings.DEVELOPMENT = False


@finds("traductions", "traductions", "make -C", 1)
def a_catalogue_that_nobody_compiled(house):
    source = house.folder / "locale" / "en" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.touch()
    house.settings.LOCALE_PATHS = [house.folder / "locale"]


@finds("cles-fermees", "clés", "la valeur gardée à part")
def another_secret_for_the_keys(house):
    house.settings.KEYS_SECRET = "Zm9yIHRoaXMgdGVzdCBvbmx5LCBhbmQgc29tZSBtb3I="


@finds("base-vide", "données", "/nuits/preau-rsi-20261126T023000Z")
def a_database_that_somebody_removed(house):
    Agent.objects.all().delete()
    Organisation.objects.update(actor=None)
    kept = house.folder / "nuits" / "preau-rsi-20261126T023000Z"
    kept.mkdir(parents=True)
    manifest.write(kept, manifest.made("2026-11-26T02:30:00+00:00", ({}, []), {}))
    house.monkeypatch.setattr("instance.backups.places.NIGHTLY", str(kept.parent))


@finds("base-d-un-autre-nom", "collectivité", "Remettez l’ancien nom")
def another_name_than_it_was_founded_with(house):
    house.settings.HOST = "autre.localhost"


@finds("organisation", "collectivité", "preau setup")
def a_house_that_nobody_founded(house):
    Organisation.objects.update(actor=None)


@finds("administrateur", "administrateurs", "preau agents invite")
def no_admin(house):
    arrivals.close(house.helene)


@finds("administrateur-sans-lien", "administrateurs", "preau agents link helene.vasseur")
def an_admin_without_a_way_in(house):
    house.helene.links.update(expires_at=now() - LONG_AGO)


@finds("en-maintenance", "maintenance", "preau maintenance off", 1)
def doors_that_somebody_forgot_to_open(house):
    house.settings.MAINTENANCE = house.folder / "maintenance"
    house.settings.MAINTENANCE.touch()


@finds("restauration-inachevee", "maintenance", "preau restore")
def a_restoration_that_was_cut_short(house):
    house.settings.MAINTENANCE = house.folder / "maintenance"
    house.settings.MAINTENANCE.write_text(maintenance.RESTORING)


@finds("sauvegarde-jamais", "sauvegarde", "preau backup", 1)
def a_house_that_was_never_backed_up(house):
    Key.objects.update(fetched_at=now() - LONG_AGO)


@finds("sauvegarde-ancienne", "sauvegarde", "journalctl -u preau-backup", 1)
def a_backup_of_last_week(house):
    with time_machine.travel(now() - LONG_AGO):
        last.note()


@finds("redis-injoignable", "Redis", "systemctl status redis-server")
def a_redis_that_is_down(house):
    house.settings.REDIS_URL = "redis://127.0.0.1:1/0"


def owe(neighbour, **more):
    """A letter to one of its people."""
    uri = f"https://aubin.example/{next(NUMBERS)}"
    dispatch = Dispatch.objects.create(activity_uri=uri, object_uri=uri, sender_uri="s")
    return Delivery.objects.create(dispatch=dispatch, inbox="i", host=neighbour.host, **{"state": "waiting", **more})


@finds("travail-arrete", "travail de fond", "systemctl restart preau")
def work_that_nobody_does(house):
    owe(house.vernay, due_at=now() - LONG_AGO)


@finds("file-pleine", "travail de fond", "preau queue", 1)
def a_letter_box_of_which_half_is_full(house):
    house.settings.INBOX_DEPTH = 2
    sender = arrivals.instance_actor()
    for number in range(2):
        Receipt.objects.create(uri=f"https://x.example/{number}", actor=sender, activity={}, state="waiting")


@finds("lettres-mortes", "lettres mortes", "preau queue dead", 1)
def letters_that_were_given_up(house):
    owe(house.vernay, state="abandoned")


@finds("collectivites-muettes", "collectivités", "preau peers show 127.0.0.1", 1)
def a_neighbour_that_does_not_answer(house):
    type(house.vernay.peer).objects.update(failures=9, failing_since=now() - LONG_AGO)


@finds("collectivites-inconnues", "collectivités", "preau peers refresh", 1)
def a_neighbour_that_never_said_who_it_is(house):
    type(house.vernay.peer).objects.update(instance_actor_uri="", state_since=now() - LONG_AGO)
