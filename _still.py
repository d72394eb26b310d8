import sys, time
from PySide6.QtWidgets import QApplication
from app.paths import RESOURCES
from app import translations
from app.settings import Settings
from app.studio import dress
from dataclasses import replace
from engine.library.starters import load_starters
from engine.session.baking import Baker, LoopInHand
from engine.values import *
from engine.playback.plan.transitions import plan_transition
from engine.playback.mix.transition_picture import *

app = QApplication([])
theme_ = sys.argv[1]
dress(app, replace(Settings(), theme=theme_))
from widgets.transition_panel import TransitionPanel

st = load_starters(RESOURCES / "starters")
b = Baker(480.0, -16.0)
ps = [b.part(LoopInHand.of_recipe(i, s.clip, s.recipe)) for i, s in enumerate(st)]
a, c = ps[1], ps[0]
plan = plan_transition(a.baked, a.grid, c.baked, c.grid, TransitionWish(Entry.NEXT_BAR, bars=2))
place = plan.entries[4]
n = a.baked.n_samples
pic = transition_picture(transition_excerpt(a.baked, c.baked, plan, place, ids=(1, 2), grids=(a.grid, c.grid)))
com = ComingTransition(
    1,
    2,
    st[1].recipe.title,
    st[0].recipe.title,
    Entry.NEXT_BAR,
    3 * n + place,
    plan.entries,
    n,
    plan.n_samples,
    2,
    44100,
    lead_grid=a.grid,
    tempos_bpm=plan.tempos_bpm,
    swaps_bass=True,
)
p = TransitionPanel()
p.resize(int(sys.argv[2]), int(sys.argv[3]))
p.show()
p.set_coming(com)
p.set_picture(pic)
p.set_played(3 * n + place - 3 * 44100)
p.plot.setFocus()
for _ in range(20):
    app.processEvents()
    time.sleep(0.01)
p.grab().save(sys.argv[4])
