"""Where the processor time of an arrival goes: accepting and processing, call by call."""

import argparse
import pickle

from benchmarks import houses, inbox, neighbourhood, table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--form", default="embedded", choices=("embedded", "production"))
    parser.add_argument("--letters", type=int, default=600)
    options = parser.parse_args()
    with houses.founded(options.form) as house:
        partners = neighbourhood.partners(inbox.HOUSES, inbox.PEOPLE)
        with neighbourhood.answering(partners, house.folder):
            letters = inbox.introduce(house, partners)
            file = house.folder / "requests"
            file.write_bytes(pickle.dumps(list(letters.requests(options.letters))))
            table.title(f"Where the time of an arrival goes, {options.form} form")
            print(house.sh(f"from benchmarks import profiling\nprofiling.arrivals({str(file)!r})"))


if __name__ == "__main__":
    main()
