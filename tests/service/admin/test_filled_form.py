"""A page's form is filled in with what was sent, and nothing else of the page changes."""

from service.admin.filled_form import CHOOSE_FILE, fill_form, find_form

PAGE = """<!doctype html>
<p>a &amp; b &#8212; c</p><!-- kept -->
<form method="post" action="/other"><input name="name" value="other"></form>
<details><summary>更多</summary>
<form method="post" action="/one#doing">
<input type="hidden" name="form_token" value="new"><input type="hidden" name="role" value="crew">
<p><label for="name">账号</label>
<input id="name" name="name" value="" aria-describedby="name-hint"></p>
<label><input type="radio" name="way" value="a" checked>甲</label>
<label><input type="radio" name="way" value="b">乙</label>
<input type="checkbox" name="marks" value="true" checked>
<select name="kind"><option value="x" selected>X</option><option value="y">Y</option></select>
<textarea name="codes">old</textarea>
<input type="password" name="secret"><button name="step" value="look">看</button>
</form></details>
"""
SENT = {
    "form_token": ["stale"],
    "name": ['李"<四>'],
    "way": ["b"],
    "kind": ["y"],
    "codes": ["</textarea><b>"],
    "secret": ["keep me out"],
}


def fill(faults: dict[str, str] | None = None) -> str:
    form = find_form(PAGE, "/one", SENT)
    assert form
    return fill_form(PAGE, form, SENT, "没有办理。", faults or {})


def test_typed_and_chosen_values_stay_and_are_escaped() -> None:
    page = fill()
    assert 'value="李&quot;&lt;四&gt;"' in page
    assert '<input type="radio" name="way" value="a">' in page
    assert '<input type="radio" name="way" value="b" checked>' in page
    assert '<option value="x">X</option><option value="y" selected>' in page
    assert "&lt;/textarea&gt;&lt;b&gt;</textarea>" in page
    assert '<input type="checkbox" name="marks" value="true">' in page


def test_tokens_passwords_and_other_forms_stay_as_the_page_has_them() -> None:
    page = fill()
    assert 'name="form_token" value="new"' in page
    assert "keep me out" not in page
    assert '<input name="name" value="other">' in page
    assert "<p>a &amp; b &#8212; c</p><!-- kept -->" in page
    assert page.startswith("<!doctype html>")


def test_the_version_stays_the_one_that_the_person_saw() -> None:
    page = (
        '<form action="/one"><input type="hidden" name="seen" value="7">'
        '<input type="hidden" name="saw" value="状态：有效"><input name="text" value="now"></form>'
    )
    sent = {"seen": ["6"], "saw": ["状态：冻结"], "text": ["typed"]}
    form = find_form(page, "/one", sent)
    assert form
    filled = fill_form(page, form, sent, "没有办理。", {})
    assert 'name="seen" value="6"' in filled
    assert 'name="saw" value="状态：冻结"' in filled
    unclear = fill_form(page, form, sent | {"seen": ["x"]}, "没有办理。", {"seen": "填写有误"})
    assert 'name="seen" value="7"' in unclear


def test_the_fault_stands_in_the_form_and_at_its_field_and_folded_parts_are_open() -> None:
    page = fill({"name": "请填写账号"})
    head, _, form = page.partition('action="/one#doing">')
    assert form.startswith('<p class="problem" role="alert">没有办理。</p>')
    assert "<details open>" in head
    assert '<small class="wrong" id="name-fault">请填写账号</small><input' in form
    assert 'aria-describedby="name-fault name-hint"' in form
    assert 'aria-invalid="true"' in form


def test_of_several_forms_to_one_path_it_is_the_one_with_the_same_fixed_values() -> None:
    forms = "".join(
        f'<form action="/roles"><input type="hidden" name="role" value="{role}"></form>'
        for role in ("crew", "viewer", "officer")
    )
    form = find_form(forms, "/roles", {"role": ["viewer"]})
    assert form
    assert form.hidden == {"role": "viewer"}
    assert find_form(forms, "/elsewhere", {}) is None


def test_a_file_has_to_be_chosen_again_and_the_page_says_so() -> None:
    page = '<form action="/one"><input type="file" name="list"></form>'
    form = find_form(page, "/one", {})
    assert form
    assert CHOOSE_FILE in fill_form(page, form, {}, "没有办理。", {})
