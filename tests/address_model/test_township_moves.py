from address_model.gazetteer import load_gazetteer


def test_townships_that_changed_their_county_are_in_the_lists_of_today() -> None:
    gazetteer = load_gazetteer()
    assert gazetteer.moves
    for move in gazetteer.moves:
        now = gazetteer.find_division(move.code_now)
        assert now is not None, move
        assert gazetteer.find_division(move.county_then) is not None, move
        assert move.county_then != move.county_now
        assert now.name[:2] == move.name[:2], move
        assert 1980 <= move.year <= 2026


def test_a_move_holds_what_lies_in_it() -> None:
    moves = {move.name: move for move in load_gazetteer().moves}
    linping, longgang = moves["临平街道"], moves["龙港镇"]
    assert linping.holds("330113001000")
    assert linping.holds("330113001051")
    assert not linping.holds("330113002000")
    assert longgang.holds("330383198201")
    assert not longgang.holds("330327000000")
