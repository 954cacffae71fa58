"""What Python's argparse itself says, in French."""

import argparse

WORDS = {
    "usage: ": "Usage : ",
    "positional arguments": "arguments",
    "show this help message and exit": "montre cette aide",
    "%(prog)s: error: %(message)s\n": "%(prog)s : %(message)s\n",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s : %(message)s",
    "the following arguments are required: %s": "il manque : %s",
    "one of the arguments %s is required": "il manque l’un de : %s",
    "unrecognized arguments: %s": "arguments inconnus : %s",
    "expected one argument": "attend une valeur",
    "expected at least one argument": "attend au moins une valeur",
    "not allowed with argument %s": "ne va pas avec %s",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s peut vouloir dire %(matches)s",
    "invalid %(type)s value: %(value)r": "%(value)r n’est pas une valeur possible",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r n’est pas un choix ; il y a : %(choices)s",
}


def speak_french() -> None:
    """For the rest of this process: argparse looks its words up under this name, and offers no other way."""
    argparse._ = lambda text: WORDS.get(text, text)  # type: ignore[attr-defined]
