import time
from PySide6.QtWidgets import QApplication

app = QApplication([])
from app.studio import dress

dress(app)
import app.main_window
from widgets.transition_panel import TransitionPanel
from widgets.seam_scope_panel import SeamScopePanel

SeamScopePanel()
TransitionPanel()
for cls in (SeamScopePanel, TransitionPanel) * 3:
    a = time.process_time()
    cls()
    print(cls.__name__, round(1e3 * (time.process_time() - a), 1), "ms")
