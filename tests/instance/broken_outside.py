"""Houses that are broken as their neighbours see them: what breaks each, and what `preau doctor` must then say."""

import json
from datetime import timedelta
from email.utils import formatdate
from time import time

from django.utils.timezone import now

from actors import arrivals
from actors.models import Actor
from federation import ids
from tests.instance.broken_houses import BROKEN_SO, finds
from tests.instance.site import DAY
from tests.servers import free_port

__all__ = ["BROKEN_SO"]


@finds("nom-introuvable", "nom", "un enregistrement A")
def a_name_that_the_dns_does_not_know(house):
    house.settings.ORIGIN = "http://rsi.saint-aubin.invalid"


@finds("nom-prive", "nom", "/etc/hosts", 1)
def a_name_of_a_private_address(house):
    house.site()
    house.settings.ALLOW_PRIVATE = False


@finds("tls-muet", "certificat", "systemctl status nginx")
def nobody_at_the_door(house):
    house.site().stop()


@finds("certificat-expire", "certificat", "certbot renew")
def a_certificate_of_last_month(house):
    house.site(ends=-30 * DAY)


@finds("certificat-bientot", "certificat", "certbot renew", 1)
def a_certificate_that_ends_in_ten_days(house):
    house.site(ends=10 * DAY)


@finds("certificat-autre-nom", "certificat", "certbot certonly")
def a_certificate_of_another_name(house):
    house.site(name="intranet.saint-aubin.example")


@finds("certificat-non-reconnu", "certificat", "fullchain.pem")
def a_certificate_that_nobody_knows(house):
    house.site(trusted=False)


def install(house, port):
    """As deploy/install.sh leaves a town among others."""
    house.settings.DEVELOPMENT = False
    there = house.folder / "preau-host" / "vernay"
    there.mkdir(parents=True)
    (there / "install.answers").write_text(f"# Les réponses\nport={port}\ntls=none\n")
    house.monkeypatch.setenv("PREAU_SETTINGS", str(there / "preau.env"))


@finds("preau-muet", "service", "systemctl start preau ; journalctl -u 'preau*' -n 50", 2, "--offline")
def a_service_that_was_stopped(house):
    install(house, free_port())


@finds("preau-arrete", "site", "journalctl -u 'preau*'")
def a_proxy_with_nobody_behind(house):
    house.site().answers["/health"] = (502, {}, "Bad Gateway")


@finds("entete-host", "site", "deploy/nginx.conf")
def a_proxy_that_hides_the_name(house):
    house.site().answers["/health"] = (400, {}, "Bad Request")


@finds("entete-proto", "site", "deploy/nginx.conf")
def a_proxy_that_hides_https(house):
    house.site().answers["/health"] = (200, {}, '{"status": "ok", "secure": false}')


@finds("autre-site", "site", "proxy_pass")
def the_town_s_own_site(house):
    house.site().answers["/health"] = (200, {}, "<h1>Bienvenue à Saint-Aubin</h1>")


@finds("autre-serveur", "identité", "un ancien serveur")
def the_server_from_before_the_move(house):
    site = house.site()
    site.answers["/ap/instance"] = (200, {}, json.dumps({"publicKey": {"publicKeyPem": "of another"}}))
    arrivals.instance_actor()


@finds("domaine-des-agents", "adresses des agents", "deploy/nginx.conf")
def a_domain_that_redirects_nothing(house):
    house.settings.ACCOUNT_DOMAIN = house.site().host
    house.settings.HOST, house.settings.ORIGIN = "rsi.aubin.invalid", "https://rsi.aubin.invalid"


def tell_time(house, seconds):
    def nodeinfo(request):
        request.send_response_only(200)
        for name, value in (("Date", formatdate(time() + seconds, usegmt=True)), ("Content-Length", "0")):
            request.send_header(name, value)
        request.end_headers()

    house.vernay.documents["/.well-known/nodeinfo"] = nodeinfo


@finds("horloge-fausse", "horloge", "timedatectl set-ntp true")
def a_clock_that_is_an_hour_wrong(house):
    tell_time(house, 3600)


@finds("horloge-decalee", "horloge", "timedatectl set-ntp true", 1)
def a_clock_that_is_five_minutes_wrong(house):
    tell_time(house, -300)


@finds("ancien-nom-perdu", "anciens noms", "curl -sI https://localhost")
def a_former_name_that_is_somebody_elses(house):
    site = house.site()
    house.settings.FORMER_HOSTS, house.settings.DEVELOPMENT = (site.host,), False


@finds("nom-non-confirme", "nom présent", "preau domain tell", 1)
def a_partner_that_has_not_heard_of_our_name_for_days(house):
    house.settings.FORMER_HOSTS = ("autrefois.example",)
    type(house.vernay.peer).objects.update(knows_us_as="autrefois.example")
    then = ids.new_ulid(now() - timedelta(days=4))
    Actor.objects.filter(pk=arrivals.instance_actor().pk).update(ulid=then)
