"""Each key of the debug screen that moves leads where it says, forwards and backwards."""

from __future__ import annotations

import pytest

from tests.tui.debugging import ADD, HELLO, DebugApp, reverse_app

SIZE = (100, 30)


async def steps_after(app: DebugApp, *keys: str) -> list[int]:
    """The step the screen stands at after each key."""
    steps = []
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
            steps.append(app.here.moment.step)
    return steps


async def test_s_steps_and_upper_case_s_steps_back() -> None:
    assert await steps_after(reverse_app(), "s", "s", "S", "f11") == [1, 2, 1, 2]


async def test_a_count_before_a_key_repeats_it() -> None:
    assert await steps_after(reverse_app(), "1", "2", "s", "s") == [0, 0, 12, 13]


async def test_a_count_applies_backwards_too() -> None:
    assert await steps_after(reverse_app(), "2", "0", "s", "1", "5", "S") == [0, 0, 20, 20, 20, 5]


async def test_where_it_stands_is_told_whatever_else_there_is_to_tell() -> None:
    app = reverse_app(title="a long name of a run ▸ generation 1,000 ▸ #123456")
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("c", *"123456789012")
        title = app.here.title_line.render_line(0).text
        assert title.rstrip().endswith("123,456,789,012 × · finished · step 27 of 27")


async def test_escape_forgets_a_typed_count() -> None:
    assert await steps_after(reverse_app(), "9", "escape", "s") == [0, 0, 1]


async def test_n_goes_over_a_loop_and_upper_case_n_takes_it_back() -> None:
    over, back = await steps_after(reverse_app(), "n", "N")
    assert over == 9
    assert back == 0


async def test_n_goes_over_a_group_of_equal_instructions() -> None:
    assert await steps_after(DebugApp(HELLO), "n", "N") == [8, 0]


async def test_f_leaves_the_loop_and_upper_case_f_goes_back_to_its_start() -> None:
    app = DebugApp(ADD, data=bytes([3, 4]))
    assert await steps_after(app, "s", "s", "f", "S", "F") == [1, 2, 16, 15, 0]


async def test_p_goes_to_the_next_pass_and_upper_case_p_back_to_where_one_began() -> None:
    app = DebugApp(ADD, data=bytes([2, 4]))
    assert await steps_after(app, *"pppPP", "9", "p") == [1, 6, 11, 6, 1, 1, 11]


async def test_o_goes_to_the_next_output_byte_and_upper_case_o_back() -> None:
    assert await steps_after(DebugApp(HELLO), *"oooOO") == [852, 857, 865, 857, 852]


async def test_c_runs_to_the_end_and_upper_case_c_back_to_the_start() -> None:
    end, start = await steps_after(reverse_app(), "c", "C")
    assert end > 20
    assert start == 0


async def test_c_stops_at_a_breakpoint() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("right", "right", "right", "right", "right", "b", "c")
        await pilot.pause()
        assert app.here.moment.state.pc == 5
        assert app.here.moment.fired == (1,)


async def test_t_runs_to_the_cursor_and_upper_case_t_back_to_it() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("right", "right", "right", "t")
        await pilot.pause()
        assert app.here.moment.state.pc == 3
        at = app.here.moment.step
        await pilot.press("c")
        app.here.view.move_cursor(3)
        await pilot.press("T")
        await pilot.pause()
        assert app.here.moment.step == at


async def test_r_restarts() -> None:
    assert await steps_after(reverse_app(), "c", "r") == [27, 0]


async def test_brackets_go_back_and_forward_over_visited_moments() -> None:
    app = reverse_app()
    end, start, earlier, later = await steps_after(app, "c", "r", "left_square_bracket", "right_square_bracket")
    assert (start, earlier, later) == (0, end, 0)


@pytest.mark.parametrize(("typed", "step"), [("12", 12), ("0x10", 16), ("+5", 5), ("50%", 14), ("1,000", 27)])
async def test_g_goes_to_a_step_or_a_share_of_the_run(typed: str, step: int) -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("c", "r", "g", *typed, "enter")
        await pilot.pause()
        assert app.here.moment.step == step
        assert app.here.view.has_focus


async def test_a_wrong_place_is_explained_and_the_line_stays_open() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("g", *"abc", "enter")
        await pilot.pause()
        assert app.here.command_line.display
        await pilot.press("escape")
        await pilot.pause()
        assert not app.here.command_line.display
        assert app.here.moment.step == 0


async def test_g_with_at_and_hash_moves_the_cursors_only() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("g", *"@0x40", "enter")
        await pilot.pause()
        assert app.here.memory.cursor == 0x40
        assert app.here.memory.has_focus
        await pilot.press("g", *"#7", "enter")
        await pilot.pause()
        assert app.here.view.cursor == 7
        assert app.here.moment.step == 0


async def test_moving_out_of_no_loop_says_so_and_stays() -> None:
    app = DebugApp(HELLO)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f")
        await pilot.pause()
        assert app.here.moment.step == 0
        assert any("loop" in toast.message for toast in app._notifications)


async def test_playing_draws_states_until_space_pauses_it() -> None:
    app = DebugApp(HELLO)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("plus", "plus", "space")
        assert app.here.player.playing
        for _ in range(4):
            app.here.play_frame()
            await pilot.pause()
        assert app.here.moment.step > 0
        await pilot.press("space")
        paused_at = app.here.moment.step
        assert not app.here.player.playing
        app.here.play_frame()
        await pilot.pause()
        assert app.here.moment.step == paused_at
