"""What each endpoint asks a client for, read off its own source: `call.text("title")` says that there is a title.

Nobody keeps a list by hand, so none can grow old. What is passed on (`composing.wish(call)`) is followed as far as it
stays within the API.
"""

import ast
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any, TypeGuard

HERE = "instance.client_api."
WINDOW = {"limit": "integer", "max_id": "id", "since_id": "id", "min_id": "id"}
KINDS = ("text", "flag", "choice", "integer", "words", "forms", "form", "ids", "moment", "file")
Kind = str


@dataclass
class Asked:
    """`words` are what may be chosen; `parts` what a form asks for within it."""

    kind: Kind
    words: list[str] = field(default_factory=list)
    parts: set[str] = field(default_factory=set)


def asked_by(view: Callable[..., Any]) -> dict[str, Asked]:
    """The parameters of one view, by name, in a fixed order."""
    found: dict[str, Asked] = {}
    follow(inspect.unwrap(view), {}, found, set())
    return dict(sorted(found.items()))


def follow(function: Any, said: dict[str, list[str]], found: dict[str, Asked], seen: set[Any]) -> None:
    """`said` are the words that its caller gives for its own parameters: `lines(call, "redirect_uris")`."""
    once = (function, str(said))
    if not isinstance(function, FunctionType) or not function.__module__.startswith(HERE) or once in seen:
        return
    seen.add(once)
    node, known = node_of(function), names_of(function)
    reading = Reading(node, known, found, said)
    reading.read()
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and any(is_call(one) for one in each.args):
            callee = inspect.unwrap(value_of(each.func, known))
            names = callee.__code__.co_varnames if isinstance(callee, FunctionType) else ()
            words = {name: reading.words(one) for name, one in zip(names, each.args, strict=False)}
            follow(callee, {name: some for name, some in words.items() if some}, found, seen)


class Reading:
    """One function: which parameters it names."""

    def __init__(
        self, node: ast.AST, known: dict[str, Any], found: dict[str, Asked], said: dict[str, list[str]]
    ) -> None:
        self.node, self.known, self.found = node, known, found
        self.turns = said | dict(turns(node, known))

    def read(self) -> None:
        forms: dict[str, list[str]] = {}
        for each in ast.walk(self.node):
            if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and is_call(each.func.value):
                self.note(each.func.attr, each.args)
            elif isinstance(each, ast.Compare) and is_given(each.comparators[0]):
                self.name(each.left, "any")
            elif isinstance(each, ast.Call) and is_get(each.func) and is_given(each.func.value):
                self.name(each.args[0], "any")
            if isinstance(each, ast.Assign | ast.comprehension | ast.For):
                forms |= dict(self.forms_in(each))
        for each in ast.walk(self.node):
            whole, key = taken_from(each)
            names = forms.get(whole.id, []) if isinstance(whole, ast.Name) else self.form_named(whole)
            for name in names:
                self.found[name].parts |= {str(key.value)} if isinstance(key, ast.Constant) else set()

    def note(self, kind: str, args: list[ast.expr]) -> None:
        if kind in ("page", "window"):
            for name, its in WINDOW.items():
                self.found.setdefault(name, Asked(its))
        elif kind in KINDS and args:
            words = value_of(args[1], self.known) if kind == "choice" else ()
            self.name(args[0], kind, [each for each in words or () if each])

    def name(self, node: ast.expr, kind: Kind, words: list[str] | None = None) -> None:
        for name in self.words(node):
            if name not in self.found or self.found[name].kind == "any":
                self.found[name] = Asked(kind, words or [])

    def words(self, node: ast.expr) -> list[str]:
        """A word, or those that a variable stands for one after the other."""
        if isinstance(node, ast.Name) and node.id in self.turns:
            return self.turns[node.id]
        value = value_of(node, self.known)
        return [value] if isinstance(value, str) else []

    def forms_in(self, node: ast.Assign | ast.comprehension | ast.For) -> Iterator[tuple[str, list[str]]]:
        """`said = call.form("poll")`, and `for said in call.forms("media_attributes")`."""
        target, value = (node.targets[0], node.value) if isinstance(node, ast.Assign) else (node.target, node.iter)
        together = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
        pairs = zip(target.elts, value.elts, strict=False) if together else [(target, value)]  # type: ignore[attr-defined]
        for one, its in pairs:
            if isinstance(one, ast.Name) and (names := self.form_named(its)):
                yield one.id, names

    def form_named(self, node: ast.AST | None) -> list[str]:
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and is_call(node.func.value)):
            return []
        return self.words(node.args[0]) if node.func.attr in ("form", "forms") else []


def taken_from(node: ast.AST) -> tuple[ast.expr | None, ast.expr | None]:
    """What is taken from a form: `said.get("x")`, `said["x"]`, `text(said, "x")`."""
    if isinstance(node, ast.Call) and is_get(node.func) and node.args:
        return node.func.value, node.args[0]
    if isinstance(node, ast.Subscript):
        return node.value, node.slice
    if isinstance(node, ast.Call) and len(node.args) == 2:
        return node.args[0], node.args[1]
    return None, None


def turns(node: ast.AST, known: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """What a variable stands for, one after the other: `call.flag(name) for name in ("local", "remote")`."""
    for each in ast.walk(node):
        if not isinstance(each, ast.comprehension):
            continue
        target, over = each.target, each.iter
        if isinstance(over, ast.Call) and isinstance(over.func, ast.Attribute) and over.func.attr == "items":
            over = over.func.value
        target = target.elts[0] if isinstance(target, ast.Tuple) else target
        values = value_of(over, known)
        if isinstance(target, ast.Name) and isinstance(values, tuple | list | dict):
            yield target.id, [one for one in values if isinstance(one, str)]


def is_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "call"


def is_given(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "given" and is_call(node.value)


def is_get(node: ast.AST) -> TypeGuard[ast.Attribute]:
    return isinstance(node, ast.Attribute) and node.attr == "get"


def value_of(node: ast.expr, known: dict[str, Any]) -> Any:
    """What a constant, a name or a name of a module stands for; None for what would have to be run."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Tuple | ast.List):
        return [value_of(each, known) for each in node.elts]
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Attribute):
        return getattr(value_of(node.value, known), node.attr, None)
    return None


def names_of(function: FunctionType) -> dict[str, Any]:
    closed = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    return function.__globals__ | {name: cell.cell_contents for name, cell in closed}


def node_of(function: FunctionType) -> ast.AST:
    return nodes(function.__code__.co_filename)[function.__code__.co_firstlineno]


@cache
def nodes(filename: str) -> dict[int, ast.AST]:
    """Functions and lambdas of a file, by their first lines."""
    found: dict[int, ast.AST] = {}
    for each in ast.walk(ast.parse(Path(filename).read_text())):
        if isinstance(each, ast.FunctionDef):
            found[min([each.lineno, *(one.lineno for one in each.decorator_list)])] = each
        elif isinstance(each, ast.Lambda):
            found.setdefault(each.lineno, each)
    return found
