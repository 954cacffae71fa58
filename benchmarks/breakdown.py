"""Where the processor time of an arrival or a delivery goes, call by call."""

import argparse
import pickle

from benchmarks import houses, inbox, neighbourhood, table
from benchmarks.hosts import Hosts
from tests import servers

PARTNERS, PEOPLE = 6, 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--form", default="embedded", choices=("embedded", "production"))
    parser.add_argument("--of", default="arrivals", choices=("arrivals", "deliveries"))
    parser.add_argument("--letters", type=int, default=600)
    options = parser.parse_args()
    (arrivals if options.of == "arrivals" else deliveries)(options.form, options.letters)


def arrivals(form: str, count: int) -> None:
    with houses.founded(form) as house:
        partners = neighbourhood.partners(PARTNERS, PEOPLE)
        with neighbourhood.answering(partners, house.folder):
            letters = inbox.introduce(house, partners)
            file = house.folder / "requests"
            file.write_bytes(pickle.dumps(list(letters.requests(count))))
            table.title(f"Where the time of an arrival goes, {form} form")
            print(house.sh(f"from benchmarks import profiling\nprofiling.arrivals({str(file)!r})"))


def deliveries(form: str, count: int) -> None:
    with servers.scratch() as folder:
        hosts = Hosts(folder, 100)
        with hosts.receiving(), houses.founded(form, SSL_CERT_FILE=str(hosts.authority)) as house:
            house.sh(f"from benchmarks import stock, profiling\nstock.fans('Agent 0', {hosts.names!r}, {count})")
            table.title(f"Where the time of a delivery goes, {form} form")
            print(house.sh(f"profiling.deliveries('Agent 0', {count})"))


if __name__ == "__main__":
    main()
