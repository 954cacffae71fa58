"""Each kind of row is exported, or somebody said why not."""

from django.apps import apps

from instance.exports import kinds


def test_no_kind_of_row_is_forgotten():
    assert kinds.unnamed() == set(), (
        "say in instance/exports/kinds.py whether it survives an export, or why it need not"
    )


def test_what_is_named_exists_and_is_named_once():
    assert not set(kinds.KEPT) & set(kinds.LEFT_OUT)
    known = {kinds.label(model) for model in apps.get_models(include_auto_created=True)}
    assert set(kinds.KEPT) | set(kinds.LEFT_OUT) <= known


def test_what_is_kept_hangs_from_nothing_that_is_left_out_but_where_it_may():
    for model in kinds.kept():
        for field in model._meta.concrete_fields:
            if field.is_relation and not field.null:
                assert kinds.label(field.remote_field.model) in kinds.KEPT, f"{model} {field.name}"
